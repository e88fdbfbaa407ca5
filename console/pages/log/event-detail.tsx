import { Skeleton, Stack, Text, Title } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiError } from '../../api/client.js'
import { problemOf, useRead } from '../../api/queries.js'
import type { Event } from '../../api/schema.js'
import { OutcomeMark } from '../../parts/marks.js'
import { ProblemNote } from '../../parts/problem-note.js'
import { Sentence } from '../../parts/sentence.js'
import { When } from '../../parts/when.js'
import { Bodies } from './bodies.js'
import { Cause } from './cause.js'
import { Changes } from './changes.js'
import { Effects } from './effects.js'
import { EventActions } from './event-actions.js'
import { Facts } from './facts.js'
import { Related } from './related.js'
import { SendAgain } from './send-again.js'
import { SignInFacts } from './sign-in-facts.js'
import { Steps } from './steps.js'
import type { Names } from './use-names.js'
import { useWords } from './use-words.js'
import type { View } from './views.js'

const MINUTE_MS = 60_000

interface EventDetailProps {
  readonly view: View
  readonly eventId: string
  /** What the list has of it, shown until the whole has come. */
  readonly row: Event | undefined
  readonly names: Names
}

/** Everything that the log holds of one event, in the order in which it is asked for (PRODUCT 3.2). */
export function EventDetail({ view, eventId, row, names }: EventDetailProps) {
  const { data, error, isPlaceholderData, refetch } = useRead(
    'GET /accounts/{accountId}/events/{eventId}',
    { params: { eventId } },
    { staleTime: MINUTE_MS },
  )
  const whole = isPlaceholderData ? undefined : data
  const event = whole ?? row
  if (error !== null && whole === undefined)
    return <ProblemNote error={notThere(error)} onRetry={() => void refetch()} />
  if (event === undefined) return <Skeleton height={120} />
  return (
    <Stack gap="lg">
      <Headline event={event} names={names} />
      <Cause event={event} />
      <EventActions event={event} />
      {whole === undefined ? <Skeleton height={160} /> : <Steps event={whole} />}
      <SignInFacts event={event} />
      <Changes event={event} />
      <Effects event={event} names={names} rules={whole?.rules ?? []} />
      <Facts event={event} names={names} />
      {whole === undefined ? null : <Bodies event={whole} />}
      <SendAgain event={event} names={names} />
      <Related view={view} event={event} names={names} />
    </Stack>
  )
}

/** How the server refuses an id that is none. */
const NOWHERE = new Set(['invalid_request', 'not_found'])

/** What could be the id of nothing is told in the same words as what is not there. */
function notThere(error: unknown): unknown {
  const { errors: _, ...problem } = problemOf(error)
  return NOWHERE.has(problem.code) ? new ApiError({ ...problem, code: 'event_not_found' }) : error
}

/** "Entra ID deactivated Anna Rossi." and below it what followed. */
function Headline({ event, names }: { readonly event: Event; readonly names: Names }) {
  const { t } = useTranslation('log')
  const words = useWords(names)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])
  const followed = words.followed(event)
  return (
    <div>
      <Text size="sm" component="div">
        <OutcomeMark outcome={event.outcome} /> <span aria-hidden>·</span> <When at={event.time} full />
      </Text>
      <Title order={3} size="h3" ref={heading} tabIndex={-1} data-autofocus mt={4} style={{ outline: 'none' }}>
        <Sentence
          names={{ actor: words.actor(event), subject: words.subject(event) }}
          of={(places) => words.sentence(event, places)}
        />
      </Title>
      {followed.length === 0 ? null : (
        <Text mt={4} aria-label={t('effects.title')} role="note">
          {followed.join(' · ')}
        </Text>
      )}
    </div>
  )
}
