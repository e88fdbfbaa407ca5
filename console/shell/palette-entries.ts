import { useDebouncedValue } from '@mantine/hooks'
import { useTranslation } from 'react-i18next'
import { useRead } from '../api/queries.js'
import { useMay } from '../api/session.js'
import { NAVIGATION } from './navigation.js'

/** Somewhere to go. */
export interface Entry {
  readonly key: string
  readonly kind: 'page' | 'person' | 'request'
  readonly text: string
  readonly detail?: string
  readonly to: string
}

const PAUSE_MS = 200
/** Fewer characters search nobody (PRODUCT GTA-13). */
const MIN_CHARACTERS = 2
/** A request id as a header has it, or without its dashes as the sign-in pages show it. */
const REQUEST_ID = /^([0-9a-f]{8})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{4})-?([0-9a-f]{12})$/i

/** The request id in a text that was pasted, in the form of the log. */
export function requestIdIn(text: string): string | undefined {
  return REQUEST_ID.exec(text.trim())?.slice(1).join('-').toLowerCase()
}

/** For comparing without regard to letter case and accents. */
const plain = (text: string): string => text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase()

/** Where what was typed may lead: a request, pages, people. */
export function useEntries(words: string): { readonly entries: readonly Entry[]; readonly isSearching: boolean } {
  const { t } = useTranslation()
  const may = useMay()
  const asked = words.trim()
  const [paused] = useDebouncedValue(asked, PAUSE_MS)
  const requestId = requestIdIn(asked)
  const enabled = may('users.view') && paused.length >= MIN_CHARACTERS && requestId === undefined
  const { data, isFetching } = useRead(
    'GET /accounts/{accountId}/users',
    { query: { q: paused, limit: 8 } },
    { enabled },
  )
  const pages = NAVIGATION.flatMap(([, places]) => places)
    .filter(({ needs }) => needs === undefined || may(needs))
    .map(({ to, text }): Entry => ({ key: to, kind: 'page', text: t(`nav.${text}`), to }))
    .filter(({ text }) => plain(text).includes(plain(asked)))
  const people = (enabled ? (data?.items ?? []) : []).map(({ id, displayName, email }): Entry => {
    return {
      key: id,
      kind: 'person',
      text: displayName,
      ...(email === null ? {} : { detail: email }),
      to: `/users/${id}`,
    }
  })
  const requests: Entry[] =
    requestId !== undefined && may('logs.view')
      ? [{ key: requestId, kind: 'request', text: t('palette.event'), detail: requestId, to: `/log/${requestId}` }]
      : []
  return { entries: [...requests, ...pages, ...people], isSearching: asked !== paused || (enabled && isFetching) }
}
