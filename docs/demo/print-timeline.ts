import type { Change, Effect, LogEvent, Rule } from './answers.js'
import { type Paper, padded, wrapped } from './paper.js'
import type { Moment, TimelineTour } from './tour.js'

const INDENT = '              '

/** Every event of one person: what happened, what it changed, what followed, and which rule decided that. */
export function printTimeline({ moments }: TimelineTour, rules: ReadonlyMap<string, Rule>, paper: Paper): void {
  for (const moment of moments) printMoment(moment, rules, paper)
}

function printMoment({ event, cause }: Moment, rules: ReadonlyMap<string, Rule>, paper: Paper): void {
  const { action, outcome, code, message, actor } = event
  const result = outcome === 'success' ? '' : ` ${outcome}${code === undefined ? '' : ` ${code}`}`
  const time = event.time.slice(11, 23)
  paper.line(`${time}  ${paper.bold(padded(action, 20))} ${paper.faint(`by ${actor.label}`)}${paper.bad(result)}`)
  const facts = [
    ...(cause === undefined ? [] : [`because of ${cause.action} (${nameOf(cause)})`]),
    ...event.changes.filter(isTelling).map(changeText),
    ...event.effects.flatMap((effect) => effectText(effect, rules)),
    ...(message === undefined ? [] : [`“${message}”`]),
  ]
  for (const fact of facts) {
    for (const [index, text] of wrapped(fact, paper.columns - INDENT.length - 2).entries())
      paper.line(`${INDENT}${index === 0 ? '' : '  '}${text}`)
  }
}

function nameOf({ subject }: LogEvent): string {
  return subject?.displayName ?? subject?.userName ?? subject?.type ?? ''
}

/** Ids and repeated forms of the name say nothing here. */
function isTelling({ attribute }: Change): boolean {
  return !/^(name\.|emails|externalId|active$)/.test(attribute)
}

function changeText({ attribute, before, after }: Change): string {
  const name = attribute.replace(/^urn:[\w:.]+:User:/, '')
  return `${name}: ${before === null ? '' : `${shown(before)} → `}${shown(after)}`
}

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))

/** Effects of kinds that say nothing about this person are left out. */
function effectText(effect: Effect, rules: ReadonlyMap<string, Rule>): string[] {
  const { kind, before, after, product, displayName, change } = effect
  const move = `${before ?? 'none'} → ${after ?? 'none'}`
  if (kind === 'group') return [`${change} ${change === 'added' ? 'to' : 'from'} the group ${displayName}`]
  if (kind === 'license') return [`license ${product}: ${move} (${whyOf(effect, rules)})`]
  if (kind === 'role') return [`role: ${move} (${whyOf(effect, rules)})`]
  return kind === 'status' ? [`status: ${move}`] : []
}

function whyOf({ ruleId, source = '' }: Effect, rules: ReadonlyMap<string, Rule>): string {
  if (ruleId === undefined) return source
  const rule = rules.get(ruleId)
  if (rule === undefined) return 'by a rule that is gone'
  return `rule #${rule.priority}: ${rule.condition ?? 'everyone'}`
}
