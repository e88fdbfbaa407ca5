import { TextInput } from '@mantine/core'
import { useLocation } from '@tanstack/react-router'
import { Search } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useAddress } from '../../api/use-search.js'
import { Empty } from '../../parts/empty.js'
import { Page } from '../../parts/page.js'
import { menderOf } from '../log/who-mends.js'

interface CodeText {
  readonly title: string
  readonly next: string
}

/** Every code of the log and of the API with its meaning and what to do, each at an address of its own (GA-38). */
export function CodesPage() {
  const { t, i18n } = useTranslation(['log', 'codes', 'events'])
  const [search, change] = useAddress()
  const [words, setWords] = useState(search.q ?? '')
  const texts = i18n.getResourceBundle(i18n.language, 'codes') as Readonly<Record<string, CodeText>>
  const found = Object.entries(texts)
    .filter(([code]) => code !== 'unknown')
    .filter(([code, { title, next }]) => `${code} ${title} ${next}`.toLowerCase().includes(words.trim().toLowerCase()))
  useHash(found.length)
  return (
    <Page title={t('codes.title')} lead={t('codes.lead')}>
      <TextInput
        type="search"
        label={t('filter.q')}
        leftSection={<Search size={15} aria-hidden />}
        maw="24rem"
        value={words}
        onChange={(event) => {
          setWords(event.currentTarget.value)
          change({ q: event.currentTarget.value || undefined })
        }}
      />
      {found.length === 0 ? <Empty title={t('codes.none')} /> : null}
      <dl className="codes">
        {found.map(([code, { title, next }]) => {
          const mender = menderOf(code)
          return (
            <div key={code} id={code} tabIndex={-1}>
              <dt>
                {title} <code className="mono">{code}</code>
              </dt>
              <dd>
                {next} {mender === undefined ? '' : t(`events:who.${mender}`)}
              </dd>
            </div>
          )
        })}
      </dl>
    </Page>
  )
}

/** Go to the code that the address names, once it is there. */
function useHash(ready: number): void {
  const { hash } = useLocation()
  useEffect(() => {
    if (ready > 0 && hash !== '') document.getElementById(hash)?.focus()
  }, [hash, ready])
}
