import { Anchor, Skeleton, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useRead } from '../../api/queries.js'
import type { Event } from '../../api/schema.js'
import { shortened } from '../../parts/sentence.js'
import { When } from '../../parts/when.js'
import type { Search } from '../../routes.js'
import type { EventsQuery } from './filters.js'
import { Part } from './part.js'
import type { Names } from './use-names.js'
import { useWords } from './use-words.js'
import type { View } from './views.js'

const AROUND_MS = 15 * 60_000
const SHOWN = 6

interface RelatedProps {
  readonly view: View
  readonly event: Event
  readonly names: Names
}

/** What belongs to an event: the rest of its request, what else happened to the person, its sync run. */
export function Related({ view, event, names }: RelatedProps) {
  const { t } = useTranslation('log')
  const at = new Date(event.time).getTime()
  const [from, to] = [at - AROUND_MS, at + AROUND_MS].map((instant) => new Date(instant).toISOString())
  const shared = { view, event, names }
  return (
    <Part title={t('related.title')}>
      <Few
        {...shared}
        title={t('related.request')}
        query={{ correlationId: event.correlationId, children: 'true' }}
        all={{ correlationId: event.correlationId }}
      />
      {event.userId === undefined ? null : (
        <Few
          {...shared}
          title={t('related.person')}
          query={{ userId: event.userId, from, to, children: 'true' }}
          all={{ userId: event.userId, from, to }}
        />
      )}
      {event.source !== 'scim' || event.connectionId === undefined ? null : (
        <Few {...shared} title={t('related.run')} query={{ run: event.id }} all={{ run: event.id }} />
      )}
    </Part>
  )
}

interface FewProps extends RelatedProps {
  readonly title: string
  readonly query: EventsQuery
  /** The address at which the log shows all of them. */
  readonly all: Search
}

/** The first of them, and the way to the rest. */
function Few({ view, event, names, title, query, all }: FewProps) {
  const { t } = useTranslation('log')
  const words = useWords(names)
  const { data, isPlaceholderData } = useRead('GET /accounts/{accountId}/events', {
    query: { ...query, limit: SHOWN + 1 },
  })
  const others = isPlaceholderData ? undefined : data?.items.filter(({ id }) => id !== event.id)
  return (
    <div style={{ marginBottom: '0.75rem' }}>
      <Text size="sm" fw={550} component="h5" m={0}>
        {title}
      </Text>
      {others === undefined ? <Skeleton height={20} my={4} /> : null}
      {others?.length === 0 ? (
        <Text size="sm" c="var(--quiet)">
          {t('related.none')}
        </Text>
      ) : null}
      <ul style={{ listStyle: 'none', margin: 0, padding: 0 }}>
        {others?.slice(0, SHOWN).map((other) => (
          <Text component="li" size="sm" key={other.id} py={3}>
            <Anchor
              inherit
              renderRoot={(props) => (
                <Link to={`${view.path}/${other.id}` as string} search={true as never} {...props} />
              )}
            >
              {words.label(other)} – <bdi>{shortened(words.subject(other), 80)}</bdi>
            </Anchor>{' '}
            <Text span size="sm" c="var(--quiet)">
              <When at={other.time} />
            </Text>
          </Text>
        ))}
      </ul>
      {others !== undefined && others.length > 0 ? (
        <Anchor size="sm" renderRoot={(props) => <Link to={'/log' as string} search={all as never} {...props} />}>
          {t('related.all')}
        </Anchor>
      ) : null}
    </div>
  )
}
