import type { Effects, Rule } from '../../api/schema.js'
import type { FindAttribute } from './attributes.js'
import { type Built, builtFromFilter, EVERYONE, filterFromBuilt, isComplete } from './condition.js'

/** A condition while it is written: as rows or as text; each keeps what it has while the other is used. */
export interface ConditionDraft {
  readonly mode: 'rows' | 'text'
  readonly built: Built
  readonly text: string
}

/** A rule while it is written. */
export interface RuleDraft {
  readonly condition: ConditionDraft
  readonly effects: Effects
  readonly priority: number
  readonly note: string
  readonly enabled: boolean
}

/** What a rule is saved as and tried as. */
export interface RuleBody {
  readonly condition: string | null
  readonly effects: Effects
  readonly priority: number
  readonly note: string | null
  readonly enabled: boolean
}

export const newDraft = (last: number): RuleDraft => ({
  condition: { mode: 'rows', built: EVERYONE, text: '' },
  effects: {},
  priority: last + 1,
  note: '',
  enabled: true,
})

export function draftFromRule({ condition, effects, priority, note, enabled }: Rule, find: FindAttribute): RuleDraft {
  return { condition: draftFromFilter(condition, find), effects, priority, note: note ?? '', enabled }
}

/** What rows cannot show stays text. */
export function draftFromFilter(condition: string | null, find: FindAttribute): ConditionDraft {
  const built = builtFromFilter(condition, find)
  return { mode: built === undefined ? 'text' : 'rows', built: built ?? EVERYONE, text: condition ?? '' }
}

export function filterOf({ mode, built, text }: ConditionDraft): string | null {
  if (mode === 'rows') return filterFromBuilt(built)
  return text.trim() === '' ? null : text
}

/** The same condition in the other form; undefined where rows cannot show it. */
export function turned(
  draft: ConditionDraft,
  mode: ConditionDraft['mode'],
  find: FindAttribute,
): ConditionDraft | undefined {
  if (mode === draft.mode) return draft
  if (mode === 'text')
    return { ...draft, mode, text: isComplete(draft.built) ? (filterFromBuilt(draft.built) ?? '') : draft.text }
  const built = builtFromFilter(draft.text, find)
  return built === undefined ? undefined : { ...draft, mode, built }
}

/** Undefined while a row of the condition lacks its value. */
export function bodyOf({ condition, effects, priority, note, enabled }: RuleDraft): RuleBody | undefined {
  if (condition.mode === 'rows' && !isComplete(condition.built)) return undefined
  return { condition: filterOf(condition), effects, priority, note: note.trim() === '' ? null : note, enabled }
}
