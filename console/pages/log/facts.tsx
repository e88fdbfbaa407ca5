import { Anchor } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Event } from '../../api/schema.js'
import { CopyButton } from '../../parts/copy.js'
import { shortened } from '../../parts/sentence.js'
import { When } from '../../parts/when.js'
import { Duration } from './cells.js'
import { Part } from './part.js'
import type { Names } from './use-names.js'
import { useWords } from './use-words.js'

/** Who, whom, when and through what. */
export function Facts({ event, names }: { readonly event: Event; readonly names: Names }) {
  const { t } = useTranslation('log')
  const words = useWords(names)
  const { subject, http, connectionId, correlationId, actor, code } = event
  const field = (name: string) => (typeof subject?.[name] === 'string' ? shortened(subject[name], 200) : undefined)
  return (
    <Part title={t('detail.facts')}>
      <FactList
        facts={[
          [t('detail.time'), <When key="time" at={event.time} full />],
          [
            t('detail.who'),
            <bdi key="who">{shortened(actor.type === 'token' ? actor.label : words.actor(event))}</bdi>,
          ],
          [t('detail.about'), <About key="about" event={event} name={words.subject(event)} />],
          [t('detail.userName'), field('userName')],
          [t('detail.externalId'), field('externalId')],
          [
            t('column.connection'),
            connectionId === undefined ? undefined : (
              <Anchor
                key="connection"
                inherit
                renderRoot={(props) => <Link to={`/connections/${connectionId}` as string} {...props} />}
              >
                <bdi>{shortened(names.connection(connectionId) ?? connectionId)}</bdi>
              </Anchor>
            ),
          ],
          [t('detail.request'), http && `${http.method} ${shortened(http.path, 300)} → ${http.status}`],
          [t('column.duration'), http && <Duration key="duration" ms={http.durationMs} />],
          [
            t('detail.from'),
            http &&
              `${http.address}${typeof http.userAgent === 'string' ? ` · ${shortened(http.userAgent, 200)}` : ''}`,
          ],
          [t('detail.code'), code && <code key="code">{code}</code>],
          [
            t('detail.requestId'),
            <span key="id" style={{ display: 'inline-flex', alignItems: 'center', gap: 4 }}>
              <span className="mono">{correlationId}</span>
              <CopyButton value={correlationId} what={t('detail.requestId')} />
            </span>,
          ],
        ]}
      />
    </Part>
  )
}

/** Names and values, where there are values. */
export function FactList({ facts }: { readonly facts: readonly (readonly [name: string, value: ReactNode])[] }) {
  return (
    <dl className="facts">
      {facts.map(([name, value]) =>
        value === undefined || value === '' ? null : (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{typeof value === 'string' ? <bdi>{value}</bdi> : value}</dd>
          </div>
        ),
      )}
    </dl>
  )
}

/** Whom it was about, with the way to her. */
function About({ event, name }: { readonly event: Event; readonly name: string }) {
  const { subject, userId, connectionId } = event
  if (subject === null) return null
  const to =
    userId !== undefined && subject.type === 'user'
      ? `/users/${userId}`
      : subject.type === 'rule' && connectionId !== undefined
        ? `/rules/${connectionId}/${subject.id}`
        : undefined
  const shown = <bdi>{shortened(name, 200)}</bdi>
  if (to === undefined || event.action.endsWith('.deleted') || event.action === 'user.erased') return shown
  return (
    <Anchor inherit renderRoot={(props) => <Link to={to} {...props} />}>
      {shown}
    </Anchor>
  )
}
