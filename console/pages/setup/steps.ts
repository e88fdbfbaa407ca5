import type { Connection, ConnectionSetup } from '../../api/schema.js'
import type { CopiedName } from './idp-labels.js'

/** A step of the set-up; its words stand in texts/…/setup.json under the kind and the key. */
export interface Step {
  readonly key: string
  readonly values?: readonly CopiedName[]
  /** What of ours is done in this step, below its instructions. */
  readonly part?: 'metadata' | 'token' | 'test' | 'finish'
  /** What the server sees when the step is done; a step without is nothing that it could see. */
  readonly check?: ConnectionSetup['checks'][number]['check'] | 'metadata'
  /** Belongs to sign-in, which provisioning does without. */
  readonly signIn?: true
  readonly optional?: true
  /** What arrives is shown below. */
  readonly watch?: true
}

const METADATA: Step = { key: 'metadata', part: 'metadata', check: 'metadata', signIn: true }
const TOKEN: Step = {
  key: 'scim',
  values: ['scimBaseUrl', 'uniqueId'],
  part: 'token',
  check: 'token_accepted',
  watch: true,
}
const PERSON: Step = { key: 'person', check: 'first_user', watch: true }
const GROUPS: Step = { key: 'groups', check: 'first_group', watch: true }
const TEST: Step = { key: 'test', part: 'test', check: 'sign_in', signIn: true }
const FINISH: Step = { key: 'finish', part: 'finish' }

/** The way through each identity provider's console (PRODUCT 4.4 and 4.5). */
export const STEPS: Readonly<Record<Connection['idpKind'], readonly Step[]>> = {
  okta: [
    { key: 'app' },
    { key: 'saml', values: ['acsUrl', 'entityId'], signIn: true },
    { key: 'claims', signIn: true },
    METADATA,
    { key: 'provisioning' },
    TOKEN,
    { key: 'actions', watch: true },
    PERSON,
    GROUPS,
    TEST,
    FINISH,
  ],
  entra: [
    { key: 'app' },
    { key: 'saml', values: ['entityId', 'acsUrl', 'loginUrl'], signIn: true },
    { key: 'claims', signIn: true },
    METADATA,
    TOKEN,
    { key: 'mappings' },
    { key: 'roles', optional: true },
    PERSON,
    TEST,
    FINISH,
  ],
  generic: [
    { key: 'app' },
    { key: 'saml', values: ['metadataUrl', 'entityId', 'acsUrl', 'loginUrl'], signIn: true },
    METADATA,
    TOKEN,
    PERSON,
    GROUPS,
    TEST,
    FINISH,
  ],
}
