import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { type Rules, useCatalogue } from '../../api/catalogue.js'
import { RuleLink } from '../../parts/access.js'

interface SourceNoteProps {
  readonly source: string
  readonly ruleId?: string | undefined
  /** The bundle whose seat it shares. */
  readonly via?: string | undefined
  readonly rules: Rules
}

/** Why somebody has something: by hand, a rule (linked), a default, the directory itself (PRODUCT 2.8). */
export function SourceNote({ source, ruleId, via, rules }: SourceNoteProps) {
  const { t } = useTranslation('people')
  const { productName } = useCatalogue()
  return (
    <>
      {ruleId === undefined ? t(`source.${source}`) : <RuleLink rule={rules.get(ruleId)} />}
      {via === undefined ? null : (
        <Text size="sm" c="var(--quiet)">
          {t('access.via', { product: productName(via) })}
        </Text>
      )}
    </>
  )
}
