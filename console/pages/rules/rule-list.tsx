import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Rule } from '../../api/schema.js'
import { useMay } from '../../api/session.js'
import { ProblemNote } from '../../parts/problem-note.js'
import { MoveTo } from './move-to.js'
import { RuleItem } from './rule-item.js'
import { dropLine, useDrag } from './use-drag.js'
import { useMove } from './use-move.js'

interface RuleListProps {
  readonly connectionId: string
  readonly rules: readonly Rule[]
  readonly onJob: (jobId: string | undefined) => void
}

/** The rules of a connection in the order in which they decide, to be moved by hand, by button or by number. */
export function RuleList({ connectionId, rules, onJob }: RuleListProps) {
  const { t } = useTranslation('rules')
  const mayChange = useMayChange()
  const list = useRef<HTMLOListElement>(null)
  const [choosing, setChoosing] = useState<Rule>()
  const { move, error } = useMove(connectionId, rules, onJob)
  const refocus = useRefocus(list, rules)
  const { drag, handle } = useDrag(list, move)
  const step = (rule: Rule, from: number, to: number, button: 'up' | 'down' | 'more') => {
    refocus(rule.id, button)
    move(from, to)
  }
  return (
    <>
      <ProblemNote error={error} />
      <ol
        ref={list}
        aria-label={t('listLabel')}
        style={{
          margin: 0,
          padding: 0,
          background: 'var(--paper)',
          border: '1px solid var(--line)',
          borderRadius: 8,
          userSelect: drag === undefined ? 'auto' : 'none',
        }}
      >
        {rules.map((rule, index) => (
          <RuleItem
            key={rule.id}
            rule={rule}
            connectionId={connectionId}
            line={dropLine(drag, index)}
            isDragged={drag?.from === index}
            moving={
              mayChange(rule) && rules.length > 1
                ? {
                    handle: handle(index),
                    isFirst: index === 0,
                    isLast: index === rules.length - 1,
                    onUp: () => step(rule, index, index - 1, 'up'),
                    onDown: () => step(rule, index, index + 1, 'down'),
                    onChoose: () => setChoosing(rule),
                  }
                : undefined
            }
          />
        ))}
      </ol>
      {choosing === undefined ? null : (
        <MoveTo
          rule={choosing}
          last={rules.length}
          onClose={() => setChoosing(undefined)}
          onMove={(to) => {
            setChoosing(undefined)
            step(choosing, rules.indexOf(choosing), to - 1, 'more')
          }}
        />
      )}
    </>
  )
}

/** A rule with a role is changed by those who could have written it (PRODUCT 2.6). */
export function useMayChange(): (rule: Pick<Rule, 'effects'>) => boolean {
  const may = useMay()
  return ({ effects }) => may(effects.role === undefined ? 'rules.manage' : 'rules.manage.admin')
}

/** A row that changes its place loses the focus of its button; it is given back once the row is there. */
function useRefocus(list: React.RefObject<HTMLElement | null>, rules: readonly Rule[]) {
  const wanted = useRef<string>(undefined)
  // biome-ignore lint/correctness/useExhaustiveDependencies: after each change of the order
  useEffect(() => {
    if (wanted.current === undefined) return
    list.current?.querySelector<HTMLElement>(wanted.current)?.focus()
    wanted.current = undefined
  }, [rules])
  return (ruleId: string, button: string) => {
    wanted.current = `[data-rule="${ruleId}"] [data-move="${button}"]`
  }
}
