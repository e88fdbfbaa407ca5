import { List, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Connection, ConnectionSetup } from '../../api/schema.js'
import { Labelled } from '../../parts/labelled.js'
import { TextLink } from '../../parts/text-link.js'

type Hint = ConnectionSetup['hints'][number]

/** Likely reasons for silence, in this order (PRODUCT 4.6). */
const REASONS = ['firewall', 'address', 'nothing'] as const

/** What goes wrong most, in the sentence that helps (PRODUCT 4.7). */
export function Hints({ connection, hints }: { readonly connection: Connection; readonly hints: readonly Hint[] }) {
  const { t } = useTranslation('setup')
  if (hints.length === 0) return null
  return (
    <div style={{ borderInlineStart: '3px solid var(--warn)', paddingInlineStart: 12 }}>
      <Text fw={600}>{t('watch.hintsTitle')}</Text>
      {hints.map((hint) => (
        <div key={`${hint.code} ${JSON.stringify(hint.params)}`} style={{ marginTop: 6 }}>
          {hint.code === 'nothing_arrived' ? <NothingArrived connection={connection} /> : <OneHint hint={hint} />}
        </div>
      ))}
    </div>
  )
}

function OneHint({ hint: { code, params } }: { readonly hint: Hint }) {
  const { t } = useTranslation('setup')
  const words = Object.entries(params).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value])
  const known: Record<string, string | number | boolean | null> = Object.fromEntries(words)
  const text = t(`watch.hint.${code}`, { ...known, count: Number(params.count ?? 1), context: contextOf(params) })
  return (
    <Text size="sm">
      <Labelled text={text} />{' '}
      {code === 'match_requests_open' ? <TextLink to="/match-requests">{t('watch.toMatchRequests')}</TextLink> : null}
    </Text>
  )
}

/** Which wording fits: the identity provider's own, or the one that names somebody. */
function contextOf({ idpKind, nameId }: Hint['params']): string {
  if (typeof idpKind === 'string') return idpKind
  return typeof nameId === 'string' ? 'named' : ''
}

function NothingArrived({ connection: { scimBaseUrl } }: { readonly connection: Connection }) {
  const { t } = useTranslation('setup')
  const { host } = new URL(scimBaseUrl)
  return (
    <>
      <Text size="sm">{t('watch.nothing')}</Text>
      <List type="ordered" size="sm">
        {REASONS.map((reason) => (
          <List.Item key={reason}>{t(`watch.nothingOf.${reason}`, { host })}</List.Item>
        ))}
      </List>
    </>
  )
}
