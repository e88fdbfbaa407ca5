import type { EventDraft, HttpFacts } from './events.js'

/** A request of a person about herself, as its event tells of it. */
export interface OwnRequest {
  /** Correlation id: the id of the event, and `X-Request-Id`. */
  readonly id: string
  readonly http: HttpFacts
}

/** Somebody as events name her. */
export interface Person {
  readonly id: string
  readonly email: string | null
  readonly displayName: string
}

type OwnDraft = Omit<EventDraft, 'id' | 'source' | 'actor' | 'subject' | 'userId' | 'outcome'> &
  Partial<Pick<EventDraft, 'id' | 'outcome' | 'actor'>>

/** What a person did about herself. The first event of a request is the request's own; what follows from it has a parent. */
export function ownEvent({ id, http }: OwnRequest, person: Person, draft: OwnDraft): EventDraft {
  return {
    id,
    source: 'self',
    outcome: 'success',
    actor: { type: 'user', id: person.id, label: person.displayName },
    subject: { type: 'user', ...person },
    userId: person.id,
    ...(draft.parentId === undefined && { http }),
    ...draft,
  }
}
