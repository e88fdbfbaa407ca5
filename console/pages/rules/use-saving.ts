import { useTranslation } from 'react-i18next'
import { call } from '../../api/client.js'
import { tracedChange } from '../../api/follow-job.js'
import { useSaveOver } from '../../api/save-over.js'
import type { Rule } from '../../api/schema.js'
import { useMay, useSession } from '../../api/session.js'
import type { Difference } from '../../parts/conflict.js'
import type { RuleBody } from './draft.js'
import { useConditionWords, useEffectWords } from './use-words.js'

const LIST = '/accounts/{accountId}/connections/{connectionId}/rules'
const RULE = `${LIST}/{ruleId}` as const

/** `onDone` hears which job brings what follows. */
export function useSaving(
  connectionId: string,
  read: Rule | undefined,
  onDone: (jobId: string | undefined) => void,
  onTake: (theirs: Rule) => void,
) {
  const { account } = useSession()
  const mayLog = useMay()('logs.view')
  return useSaveOver({
    read,
    write: (body: RuleBody, over) =>
      over === undefined
        ? tracedChange(account.id, mayLog, `POST ${LIST}`, { params: { connectionId }, body })
        : tracedChange(account.id, mayLog, `PATCH ${RULE}`, {
            params: { connectionId, ruleId: over.id },
            body: { ...body, version: over.version },
          }),
    makesStale: [`GET ${LIST}`, `GET ${RULE}`],
    lookAgain: ({ id }) => call(account.id, `GET ${RULE}`, { params: { connectionId, ruleId: id } }),
    onSaved: onDone,
    onTake,
  })
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
