import { Stack, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Connection } from '../../api/schema.js'
import { CopyField } from '../../parts/copy.js'
import { Section } from '../../parts/page.js'
import { type CopiedName, copiedValue, IDP_LABELS } from '../setup/idp-labels.js'

const PROVISIONING = ['scimBaseUrl', 'uniqueId', 'tokenUrl', 'clientId'] as const
const SIGN_IN = ['entityId', 'acsUrl', 'loginUrl', 'metadataUrl', 'sloUrl', 'nameId'] as const

/** Everything that is pasted at the identity provider (PRODUCT 4.3). */
export function ValuesSection({ connection }: { readonly connection: Connection }) {
  const { t } = useTranslation('connections')
  return (
    <>
      <Text c="var(--quiet)" size="sm">
        {t('values.lead')}
      </Text>
      <Section title={t('values.provisioning')}>
        <ValueFields connection={connection} names={PROVISIONING} />
      </Section>
      <Section title={t('values.signIn')}>
        <ValueFields connection={connection} names={SIGN_IN} />
      </Section>
    </>
  )
}

/** Values under our names and the identity provider's. */
export function ValueFields({
  connection,
  names,
}: {
  readonly connection: Connection
  readonly names: readonly CopiedName[]
}) {
  const { t } = useTranslation('connections')
  return (
    <Stack gap="sm">
      {names.map((name) => {
        const theirs = IDP_LABELS[name][connection.idpKind]
        const value = copiedValue(name, connection) ?? t('values.nameIdValue')
        return (
          <div key={name}>
            <CopyField label={t(`values.${name}`)} value={value} {...(theirs === undefined ? {} : { theirs })} />
            {name === 'scimBaseUrl' && connection.idpKind === 'entra' ? (
              <Text size="xs" c="var(--quiet)" mt={2}>
                {t('values.scimBaseUrlNote')}
              </Text>
            ) : null}
          </div>
        )
      })}
    </Stack>
  )
}
