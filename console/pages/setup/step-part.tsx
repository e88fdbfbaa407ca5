import { Anchor, Stack, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Connection } from '../../api/schema.js'
import { TextLink } from '../../parts/text-link.js'
import { IdpImport } from '../single-sign-on/idp-import.js'
import { SignInTestPanel } from '../single-sign-on/sign-in-test.js'
import { useSaml } from '../single-sign-on/use-saml.js'
import type { Step } from './steps.js'
import { TokenPart } from './token-part.js'

/** What is done on our side in a step. */
export function StepPart({ connection, step: { part } }: { readonly connection: Connection; readonly step: Step }) {
  if (part === 'metadata') return <MetadataPart connection={connection} />
  if (part === 'token') return <TokenPart connection={connection} />
  if (part === 'test') return <SignInTestPanel connectionId={connection.id} />
  return part === 'finish' ? <FinishPart /> : null
}

function MetadataPart({ connection: { id } }: { readonly connection: Connection }) {
  const { t } = useTranslation('setup')
  const { saml, isPending } = useSaml(id)
  if (isPending) return null
  if (saml === undefined) return <IdpImport connectionId={id} />
  return (
    <Stack gap={4}>
      <Text>
        <bdi>{t('metadata.isSet', { entityId: saml.idp.entityId })}</bdi>
      </Text>
      <Anchor
        renderRoot={(props) => (
          <Link to="/connections/$connectionId/sign-in" params={{ connectionId: id }} {...props} />
        )}
      >
        {t('metadata.change')}
      </Anchor>
    </Stack>
  )
}

function FinishPart() {
  const { t } = useTranslation('setup')
  return (
    <Text>
      {t('finish.rules')} <TextLink to="/rules">{t('finish.toRules')}</TextLink>
    </Text>
  )
}
