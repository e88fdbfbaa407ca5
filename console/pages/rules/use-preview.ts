import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { call } from '../../api/client.js'
import type { RulePreview } from '../../api/schema.js'
import { useSession } from '../../api/session.js'
import type { RuleBody } from './draft.js'

/** Whom a preview asks about. */
export type Audience = { readonly everyone: true } | { readonly userId: string } | { readonly groupId: string }

/** What is tried: a new rule, a stored one with changes, or the rules without it. */
export interface Trial {
  readonly ruleId?: string
  readonly remove?: true
  readonly rule?: Omit<RuleBody, 'note'>
}

const PREVIEW = 'POST /accounts/{accountId}/connections/{connectionId}/rules/preview'
/** Typing goes on for so long before it is asked what would follow. */
const PAUSE_MS = 500
/** Beyond so many people each change of the rule waits to be asked for: it would be read for all of them anew. */
export const MANY_PEOPLE = 5_000

/** Ask who would gain and lose what; nothing is written. `trial` undefined asks nothing. */
export function usePreview(connectionId: string, trial: Trial | undefined, who: Audience | undefined) {
  const { account } = useSession()
  const asked = JSON.stringify(trial === undefined || who === undefined ? null : { ...trial, who, limit: 100 })
  const [paused] = useDebouncedValue(asked, PAUSE_MS)
  const [people, setPeople] = useState(0)
  const [question, setQuestion] = useState('null')
  const isLarge = people > MANY_PEOPLE && who !== undefined && 'everyone' in who && asked !== 'null'
  useEffect(() => {
    if (!isLarge) setQuestion(paused)
  }, [isLarge, paused])
  const query = useQuery({
    queryKey: [PREVIEW, connectionId, question],
    queryFn: ({ signal }) =>
      call(account.id, PREVIEW, {
        params: { connectionId },
        body: JSON.parse(question) as never,
        signal,
      }) as Promise<RulePreview>,
    enabled: question !== 'null',
    placeholderData: keepPreviousData,
    // What it would do depends on people and seats of this moment.
    staleTime: 0,
    retry: false,
  })
  const { data } = query
  useEffect(() => {
    if (data !== undefined && who !== undefined && 'everyone' in who) setPeople(data.people)
  }, [data, who])
  return {
    preview: asked === 'null' ? undefined : data,
    error: query.error,
    isFetching: query.isFetching,
    /** Whether what is shown is of another question than the one that stands in the form. */
    isBehind: question !== asked || query.isPlaceholderData,
    /** Undefined where it is asked by itself. */
    ask: isLarge && question !== asked ? () => setQuestion(asked) : undefined,
  }
}
