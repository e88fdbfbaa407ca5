import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../../api/client.js'
import { useFollowedWrite } from '../../api/follow-job.js'
import { problemOf } from '../../api/queries.js'
import type { Rule } from '../../api/schema.js'
import { useSession } from '../../api/session.js'
import type { Difference } from '../../parts/conflict.js'
import type { RuleBody } from './draft.js'
import { useConditionWords, useEffectWords } from './use-words.js'

const RULE = '/accounts/{accountId}/connections/{connectionId}/rules/{ruleId}'
const LIST = 'GET /accounts/{accountId}/connections/{connectionId}/rules'

/** Save under the version that was read; where somebody was faster, what is stored now comes along (`theirs`). */
export function useSaving(connectionId: string, base: Rule | undefined, onDone: (jobId: string | undefined) => void) {
  const { account } = useSession()
  const client = useQueryClient()
  const [theirs, setTheirs] = useState<Rule>()
  const stale = [LIST, `GET ${RULE}`] as const
  const create = useFollowedWrite('POST /accounts/{accountId}/connections/{connectionId}/rules', stale)
  const change = useFollowedWrite(`PATCH ${RULE}`, stale)
  const lookAgain = useMutation({
    mutationFn: (rule: Rule) =>
      call(account.id, `GET ${RULE}`, { params: { connectionId, ruleId: rule.id } }) as Promise<Rule>,
    onSuccess: setTheirs,
  })
  const saveOver = (rule: Rule, body: RuleBody) =>
    change.mutate(
      { params: { connectionId, ruleId: rule.id }, body: { ...body, version: rule.version } },
      {
        onSuccess: onDone,
        onError: (error) => {
          if (problemOf(error).code !== 'version_mismatch') return
          void client.invalidateQueries({ queryKey: [LIST] })
          lookAgain.mutate(rule)
        },
      },
    )
  return {
    save: (body: RuleBody) =>
      base === undefined
        ? create.mutate({ params: { connectionId }, body }, { onSuccess: onDone })
        : saveOver(theirs ?? base, body),
    error: create.error ?? change.error,
    isPending: create.isPending || change.isPending,
    theirs,
    keepMine: (body: RuleBody) => theirs !== undefined && saveOver(theirs, body),
    takeTheirs: () => change.reset(),
  }
}

/** Field by field, in the words of the form. */
export function useDifferences(): (theirs: Rule, yours: RuleBody) => Difference[] {
  const { t } = useTranslation(['rules', 'shell'])
  const conditionWords = useConditionWords()
  const effectWords = useEffectWords()
  const words = ({ condition, effects, priority, note, enabled }: RuleBody) => ({
    whom: conditionWords(condition) ?? condition ?? '',
    what: effectWords(effects),
    priority: String(priority),
    note: note ?? t('shell:none'),
    enabled: t(enabled ? 'shell:yes' : 'shell:no'),
  })
  return (theirs, yours) => {
    const [stored, typed] = [words(theirs), words(yours)]
    return (Object.keys(stored) as (keyof typeof stored)[])
      .map((field) => ({ field: t(field), theirs: stored[field], yours: typed[field] }))
      .filter((one) => one.theirs !== one.yours)
  }
}
