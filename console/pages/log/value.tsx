import { useTranslation } from 'react-i18next'
import { LongText } from '../../parts/long-text.js'

const SHORT = 300

/** A value of an attribute, as it was stored: texts as they are, the rest as JSON; cut where it is long. */
export function Value({ value }: { readonly value: unknown }) {
  const { t } = useTranslation('log')
  if (value === null || value === undefined || value === '')
    return <span style={{ color: 'var(--quiet)', whiteSpace: 'nowrap' }}>{t('changes.nothing')}</span>
  const isText = typeof value === 'string'
  return (
    <LongText
      text={isText ? value : JSON.stringify(value, null, 1)}
      longest={SHORT}
      className={isText ? undefined : 'mono'}
      style={{ whiteSpace: 'pre-wrap' }}
    />
  )
}
