import { z } from 'zod'
import { getConnection } from '../../accounts/connections.js'
import type { Deps } from '../../accounts/deps.js'
import { AccountError } from '../../accounts/errors.js'
import { decidePending, readMetadataState } from '../../accounts/pending-idp.js'
import { readSaml, rotateSamlKey, saveSaml } from '../../accounts/saml-settings.js'
import { warningsOf } from '../../saml/idp-warnings.js'
import { createKeyPair } from '../../saml/key-pair.js'
import { checkOneWay, IDP_INPUT, readIdpInput } from './idp-input.js'
import { route } from './route.js'
import { AttributeNames, PreviewSchema, proposalShown, SamlSchema, samlShown } from './saml-schemas.js'
import { ExpectedVersion, Instant, text } from './schemas.js'

const PATH = '/accounts/{accountId}/connections/{connectionId}/saml'

/** A look at metadata makes us fetch and parse what somebody else wrote. */
const PREVIEWS_A_MINUTE = 5

interface SamlCall {
  readonly deps: Deps
  readonly params: { readonly accountId: string; readonly connectionId: string }
  readonly publicUrl: string
}

/** Sign-in as it stands now. Refuses: connection_not_found, saml_not_set_up. */
async function current({ deps, params: { accountId, connectionId }, publicUrl }: SamlCall) {
  await getConnection(deps.db, accountId, connectionId)
  const saml = await readSaml(deps, deps.db, accountId, connectionId)
  if (saml === undefined) throw new AccountError('saml_not_set_up', 'Sign-in is not set up for this connection.')
  const state = await readMetadataState(deps.db, accountId, connectionId)
  return samlShown(saml, state, { publicUrl, connectionId, now: deps.now() })
}

export const SAML_ROUTES = [
  route({
    method: 'put',
    path: PATH,
    tag: 'Sign-in',
    summary: 'Set up sign-in: the identity provider, by one of idpMetadataUrl, idpMetadataXml and idp, and settings',
    requires: 'connections.manage',
    body: z.strictObject({
      ...IDP_INPUT,
      allowIdpInitiated: z.boolean().optional(),
      attributes: AttributeNames.optional(),
      rolesFromAssertion: z.boolean().optional().meta({
        description: 'Apply the rules of the connection to the groups and roles that an assertion names.',
      }),
      audiences: z.array(text(1_024)).max(10).optional(),
      requiredContext: text(1_024).nullable().optional(),
      sha1Until: Instant.nullable().optional(),
      sessionHours: z.int().min(1).max(720).optional(),
    }),
    answer: SamlSchema,
    run: async (call) => {
      const { deps, administrator, params, body, fetchText } = call
      const { idpMetadataXml, idpMetadataUrl, idpEntityId, idp, ...settings } = body
      const input = { idpMetadataXml, idpMetadataUrl, idpEntityId, idp }
      checkOneWay(input, false)
      await getConnection(deps.db, params.accountId, params.connectionId)
      const said = await readIdpInput(input, fetchText)
      const makeKey = () => createKeyPair('usher', deps.now())
      await saveSaml(deps, administrator, params.accountId, params.connectionId, { ...settings, ...said }, makeKey)
      return current(call)
    },
  }),
  route({
    method: 'get',
    path: PATH,
    tag: 'Sign-in',
    summary: 'Read how sign-in is set up, and what of the metadata waits for approval',
    requires: 'connections.view',
    answer: SamlSchema,
    run: current,
  }),
  route({
    method: 'post',
    path: `${PATH}/preview`,
    tag: 'Sign-in',
    summary: 'What setting up sign-in would store, and how that differs from what is; nothing is written',
    requires: 'connections.manage',
    body: z.strictObject(IDP_INPUT),
    answer: PreviewSchema,
    perMinute: PREVIEWS_A_MINUTE,
    run: async ({ deps, params, body, fetchText }) => {
      checkOneWay(body, true)
      await getConnection(deps.db, params.accountId, params.connectionId)
      const before = await readSaml(deps, deps.db, params.accountId, params.connectionId)
      const { idp, metadataUrl } = (await readIdpInput(body, fetchText))!
      const warnings = warningsOf(idp, metadataUrl, deps.now())
      const shown = proposalShown(before?.settings.idp, idp)
      return { ...shown, idp: { ...shown.idp, metadataUrl }, warnings }
    },
  }),
  route({
    method: 'post',
    path: `${PATH}/pending/decision`,
    tag: 'Sign-in',
    summary: 'Accept or discard what the metadata has changed by itself',
    requires: 'connections.manage',
    body: z.strictObject({ decision: z.enum(['accept', 'discard']), version: ExpectedVersion }),
    answer: SamlSchema,
    run: async (call) => {
      const { deps, administrator, params, body } = call
      await decidePending(deps, administrator, params.accountId, params.connectionId, body)
      return current(call)
    },
  }),
  route({
    method: 'post',
    path: `${PATH}/rotate-key`,
    tag: 'Sign-in',
    summary: 'Give the connection a new key; the one before it stays valid for decryption and in the metadata',
    requires: 'connections.manage',
    answer: SamlSchema,
    run: async (call) => {
      const { deps, administrator, params } = call
      // To make a key takes a processor tenths of a second: not for who is refused.
      await current(call)
      const key = await createKeyPair('usher', deps.now())
      await rotateSamlKey(deps, administrator, params.accountId, params.connectionId, key)
      return current(call)
    },
  }),
]
