import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { tracedChange } from '../../api/follow-job.js'
import type { Rule } from '../../api/schema.js'
import { useMay, useSession } from '../../api/session.js'
import { announce } from '../../parts/announce.js'

const LIST = 'GET /accounts/{accountId}/connections/{connectionId}/rules'
const MOVE = ['move a rule']

interface Step {
  readonly rule: Rule
  readonly from: number
  readonly to: number
}

/**
 * Give a rule another place. The list shows it there at once; who presses a button several times is not made to wait, for
 * one step is sent after the other. `onJob` is told which job brings what follows for people.
 */
export function useMove(connectionId: string, rules: readonly Rule[], onJob: (jobId: string | undefined) => void) {
  const { t } = useTranslation('rules')
  const { account } = useSession()
  const mayLog = useMay()('logs.view')
  const client = useQueryClient()
  const key = [LIST, { connectionId }, {}, 'pages']
  const { mutate, error } = useMutation({
    mutationKey: MOVE,
    scope: { id: MOVE[0] as string },
    mutationFn: ({ rule, to }: Step) =>
      tracedChange(account.id, mayLog, 'PATCH /accounts/{accountId}/connections/{connectionId}/rules/{ruleId}', {
        params: { connectionId, ruleId: rule.id },
        body: { priority: to + 1 },
      }),
    onSuccess: (jobId, { from, to }) => {
      announce(t('moved', { from: from + 1, to: to + 1, of: rules.length }))
      onJob(jobId)
    },
    onError: (_, { from }) => announce(t('notMoved', { from: from + 1 })),
    // The order of the server is asked for after the last step, so that no earlier one comes back in between.
    onSettled: async () => {
      if (client.isMutating({ mutationKey: MOVE }) === 1) await client.invalidateQueries({ queryKey: [LIST] })
    },
  })
  const move = (from: number, to: number) => {
    const rule = rules[from]
    if (rule === undefined || to < 0 || to >= rules.length || to === from) return
    const items = rules.toSpliced(from, 1).toSpliced(to, 0, rule)
    const pages = [{ items: items.map((one, index) => ({ ...one, priority: index + 1 })) }]
    void client.cancelQueries({ queryKey: [LIST] })
    client.setQueryData(key, { pages, pageParams: [''] })
    mutate({ rule, from, to })
  }
  return { move, error }
}
