import type { Effects, Rule } from './answers.js'
import { type Paper, padded, wrapped } from './paper.js'
import { printTimeline } from './print-timeline.js'
import type { DirectoryTour, LicenseTour, PersonTour, PoolTour, Tour } from './tour.js'

/** The whole tour, from top to bottom. */
export function printTour(tour: Tour, paper: Paper): void {
  heading(paper, '1. Who has what, and why')
  for (const directory of tour.directories) printDirectory(directory, paper)
  paper.line(paper.bold('Added by hand'))
  for (const person of tour.local) printPerson(person, paper)
  paper.line()
  note(
    paper,
    'Seats of people who have not signed in yet are reserved. A pending license takes one at the first sign-in.',
  )

  heading(paper, '2. Seats, and who waits behind whom')
  for (const pool of tour.pools) printPool(pool, paper)

  heading(paper, '3. What failed, and what to do about it')
  for (const failure of tour.failures) {
    const { status, code, directory, subject, message, id } = failure
    paper.line(`  ${paper.bad(`${status} ${padded(code, 22)}`)} ${directory}: ${subject}`)
    for (const text of wrapped(message, paper.columns - 6)) paper.line(`      ${text}`)
    paper.line(paper.faint(`      event ${id}`))
  }
  for (const { userName, cause } of tour.matchRequests) {
    paper.line(`  An administrator has to decide about ${paper.bold(userName)} (match request, ${cause}).`)
  }

  if (tour.timeline === undefined) return
  heading(paper, `4. One person's story: ${tour.timeline.name} (times in UTC)`)
  const rules = tour.directories.flatMap((directory) => directory.rules)
  printTimeline(tour.timeline, new Map(rules.map((rule) => [rule.id, rule])), paper)
}

export function heading(paper: Paper, text: string): void {
  paper.line()
  paper.line(paper.bold(text))
  paper.line(paper.faint('─'.repeat(paper.columns)))
}

export function note(paper: Paper, text: string): void {
  for (const line of wrapped(text, paper.columns)) paper.line(paper.faint(line))
}

function printDirectory({ name, rules, defaults, people }: DirectoryTour, paper: Paper): void {
  paper.line(paper.bold(`${name}: ${people.length} people`))
  for (const rule of rules) printRule(`#${rule.priority}`, conditionOf(rule), rule.effects, rule.note, paper)
  const given = effectsText(defaults)
  if (given !== '') printRule('default', 'where no rule gives any', defaults, null, paper)
  paper.line()
  for (const person of people) printPerson(person, paper)
  paper.line()
}

function printRule(label: string, condition: string, effects: Effects, reason: string | null, paper: Paper): void {
  const text = `${condition} → ${effectsText(effects)}${reason === null ? '' : ` (${reason})`}`
  hanging(paper, `  ${padded(label, 9)}`, text, paper.faint)
}

/** Without the schema's URN in front of an attribute, which says nothing to a reader. */
function conditionOf({ condition }: Rule): string {
  return condition?.replaceAll(/\burn:[\w:.]+:User:/g, '') ?? 'everyone'
}

function effectsText({ role, products = [] }: Effects): string {
  return [...(role === undefined ? [] : [`role ${role}`]), ...products.map(({ key }) => key)].join(' and ')
}

const MIN_ROOM = 40
const NAME = 21
const STATUS = 10
const ROLE = 19

function printPerson({ name, status, statusReason, role, licenses }: PersonTour, paper: Paper): void {
  const roleText = `${role.key}${role.why === 'default' ? '' : ` (${role.why})`}`
  const start = `  ${padded(name, NAME)} ${padded(status, STATUS)} ${padded(roleText, ROLE)} `
  const nothing = statusReason === undefined ? '–' : `– (switched off by: ${statusReason})`
  hanging(paper, start, licenses.map(licenseText).join(' · ') || nothing, (text) => text)
}

function licenseText({ product, state, why, includes, place }: LicenseTour): string {
  const parts = includes.length === 0 ? '' : `: ${includes.join(', ')}`
  const standing = { pending: `${product}${parts} pending`, waiting: `${product} waits as number ${place}` }
  const text = state === 'pending' || state === 'waiting' ? standing[state] : `${product}${parts}`
  // Blanks inside stay together when the line is broken.
  return `${text} (${why})`.replaceAll(' ', '\u00a0')
}

function printPool({ name, seats, assigned, reserved, waiting, queue }: PoolTour, paper: Paper): void {
  const taken = assigned + reserved
  const full = taken >= seats ? paper.bad : paper.good
  const waits = waiting === 0 ? '' : `, ${waiting} ${waiting === 1 ? 'waits' : 'wait'}`
  paper.line(`  ${padded(name, NAME)} ${full(`${taken} of ${seats} seats taken`)}${waits}`)
  for (const [index, person] of queue.entries()) {
    const ahead = queue[index - 1]
    const place = ahead === undefined ? 'gets the next free seat' : `behind ${ahead.name}`
    paper.line(`  ${padded('', NAME)} ${index + 1}. ${padded(person.name, NAME)} ${paper.faint(place)}`)
  }
}

/** A text behind `start`, its further lines indented to the same column. */
function hanging(paper: Paper, start: string, text: string, style: (text: string) => string): void {
  const width = [...start].length
  // On a narrow terminal the lines are too long rather than a column of single words.
  const room = Math.max(MIN_ROOM, paper.columns - width)
  for (const [index, line] of wrapped(text, room).entries()) {
    paper.line(`${index === 0 ? start : ' '.repeat(width)}${style(line.replaceAll('\u00a0', ' '))}`)
  }
}
