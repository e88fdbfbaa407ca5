import { Anchor } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { shortened } from '../../parts/sentence.js'

const SHORT = 300

/** A value of an attribute, as it was stored: texts as they are, the rest as JSON; cut where it is long. */
export function Value({ value }: { readonly value: unknown }) {
  const { t } = useTranslation('log')
  const [whole, setWhole] = useState(false)
  if (value === null || value === undefined || value === '')
    return <span style={{ color: 'var(--quiet)' }}>{t('changes.nothing')}</span>
  const text = typeof value === 'string' ? value : JSON.stringify(value, null, 1)
  const long = text.length > SHORT
  return (
    <>
      <bdi className={typeof value === 'string' ? undefined : 'mono'} style={{ whiteSpace: 'pre-wrap' }}>
        {whole ? text : shortened(text, SHORT)}
      </bdi>
      {long ? (
        <>
          {' '}
          <Anchor component="button" type="button" size="sm" onClick={() => setWhole(!whole)}>
            {t(whole ? 'changes.less' : 'changes.whole', { count: text.length })}
          </Anchor>
        </>
      ) : null}
    </>
  )
}
