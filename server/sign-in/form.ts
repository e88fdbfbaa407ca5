import { type Language, say } from './language.js'
import { type Html, html, NOTHING, page } from './page.js'
import type { TextKey } from './texts/en.js'

/** One thing to be typed. */
export interface Field {
  readonly name: string
  readonly label: TextKey
  readonly type: 'text' | 'email' | 'password'
  /** Password managers and phones know by this what to offer (HTML, autofill). */
  readonly autocomplete: string
  readonly maxlength: number
  /** What was typed before; never of a password. */
  readonly value?: string
  readonly hint?: TextKey
  readonly readonly?: boolean
}

/** What was wrong, and in which field, where it is one field's. */
export interface FormProblem {
  /** In the reader's language. */
  readonly text: string
  readonly field?: string
}

export interface Form {
  readonly title: TextKey
  readonly intro?: Html
  /** Where it is posted to. */
  readonly action: string
  readonly fields: readonly Field[]
  readonly hidden?: Readonly<Record<string, string>>
  readonly button: TextKey
  readonly problem?: FormProblem | undefined
  /** What stands below the form. */
  readonly after?: Html
  readonly footer?: Html
}

/** A page with one form. What is wrong stands at the top with a link to its field, and at the field. */
export function formPage(language: Language, form: Form): string {
  const {
    title,
    intro = NOTHING,
    action,
    fields,
    hidden = {},
    button,
    problem,
    after = NOTHING,
    footer = NOTHING,
  } = form
  const inputs = Object.entries(hidden).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )
  const body = html`${problemBox(language, problem)}
${intro}
<form method="post" action="${action}">
${inputs}
${fields.map((field) => fieldOf(language, field, problem))}
<button>${say(language, button)}</button>
</form>
${after}`
  return page(language, say(language, title), body, { footer })
}

function problemBox(language: Language, problem: FormProblem | undefined): Html {
  if (problem === undefined) return NOTHING
  const { text } = problem
  const shown = problem.field === undefined ? html`${text}` : html`<a href="#${problem.field}">${text}</a>`
  return html`<div role="alert" id="problem"><p><strong>${say(language, 'form_problem')}</strong> ${shown}</p></div>`
}

function fieldOf(language: Language, field: Field, problem: FormProblem | undefined): Html {
  const { name, label, type, autocomplete, maxlength, value = '', hint } = field
  const isWrong = problem?.field === name
  const described = [...(isWrong ? ['problem'] : []), ...(hint === undefined ? [] : [`${name}-hint`])].join(' ')
  const flags = [
    ...(described === '' ? [] : [html` aria-describedby="${described}"`]),
    ...(isWrong ? [html` aria-invalid="true"`] : []),
    ...(field.readonly ? [html` readonly`] : []),
    ...(autocomplete === 'one-time-code' ? [html` autocapitalize="none" spellcheck="false"`] : []),
  ]
  const below = hint === undefined ? NOTHING : html`<p class="hint" id="${name}-hint">${say(language, hint)}</p>`
  return html`<label for="${name}">${say(language, label)}</label>
<input id="${name}" name="${name}" type="${type}" autocomplete="${autocomplete}" maxlength="${String(maxlength)}" required value="${value}"${flags}>
${below}`
}
