import { List, Stack, Text } from '@mantine/core'
import { CircleCheck, Clock3 } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Connection } from '../../api/schema.js'
import { announce } from '../../parts/announce.js'
import { Mark } from '../../parts/marks.js'
import { Section } from '../../parts/page.js'
import { useSetup } from './use-setup.js'

const PATIENCE_MS = 5 * 60_000
/** Likely reasons for silence, in this order (PRODUCT 4.6). */
const REASONS = ['firewall', 'address', 'nothing'] as const

/** Listens with whoever waits: turns green when the server has seen something (PRODUCT 4.1, 4.6). */
export function Watch({ connection }: { readonly connection: Connection }) {
  const { t } = useTranslation('setup')
  const { health } = useSetup(connection)
  const [openedAt] = useState(() => Date.now())
  const state = stateOf(health)
  useNews(state === undefined ? undefined : t(`watch.${state}`))
  if (health === undefined || state === undefined) return null
  const isLate = state === 'waiting' && Date.now() - openedAt > PATIENCE_MS
  return (
    <Section title={t('watch.title')}>
      <Stack gap="sm">
        <div>
          <Mark tone={state === 'waiting' ? 'warn' : 'good'} icon={state === 'waiting' ? Clock3 : CircleCheck}>
            {t(`watch.${state}`)}
          </Mark>
        </div>
        {isLate ? <LikelyReasons connection={connection} /> : null}
      </Stack>
    </Section>
  )
}

function stateOf(health: ReturnType<typeof useSetup>['health']): 'waiting' | 'arrived' | 'firstUser' | undefined {
  if (health === undefined) return undefined
  if (health.users > 0) return 'firstUser'
  return health.lastRequestAt === undefined ? 'waiting' : 'arrived'
}

/** Said when it changes under the eyes of whoever waits. */
function useNews(text: string | undefined): void {
  const before = useRef<string>(undefined)
  useEffect(() => {
    if (before.current !== undefined && text !== undefined && before.current !== text) announce(text)
    before.current = text
  }, [text])
}

function LikelyReasons({ connection: { scimBaseUrl } }: { readonly connection: Connection }) {
  const { t } = useTranslation('setup')
  const { host } = new URL(scimBaseUrl)
  return (
    <div>
      <Text size="sm" fw={600}>
        {t('watch.nothing')}
      </Text>
      <List type="ordered" size="sm">
        {REASONS.map((place) => (
          <List.Item key={place}>{t(`watch.nothingOf.${place}`, { host })}</List.Item>
        ))}
      </List>
    </div>
  )
}
