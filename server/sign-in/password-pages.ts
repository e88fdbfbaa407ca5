import { encode } from 'uqr'
import { describeFactor } from '../../accounts/second-factor.js'
import { type Field, type Form, type FormProblem, formPage } from './form.js'
import { type Language, say } from './language.js'
import { type Html, html, page, paragraph } from './page.js'

const MAX_PASSWORD_FIELD = 1_024

/** A field for a password that is new, or the one that is known. */
/** An address that is typed, or shown for password managers: whose password stands below it. */
export function addressField(value: string, maxlength: number, readonly = false): Field {
  return {
    ...{ name: 'email', label: 'field_email', type: 'email', autocomplete: 'username' },
    ...{ maxlength, value, ...(readonly && { readonly }) },
  }
}

export function passwordField(kind: 'new' | 'current'): Field {
  const base = { name: 'password', label: 'field_password', type: 'password', maxlength: MAX_PASSWORD_FIELD } as const
  if (kind === 'current') return { ...base, autocomplete: 'current-password' }
  return { ...base, autocomplete: 'new-password', hint: 'password_hint' }
}

const CODE_FIELD: Field = {
  name: 'code',
  label: 'field_code',
  type: 'text',
  autocomplete: 'one-time-code',
  maxlength: 32,
}

/** The second page of a sign-in: whose password it will be stands above it. */
export function passwordPage(language: Language, email: string, target: string, problem?: FormProblem): string {
  const query = target === '/' ? '' : `?${new URLSearchParams({ target })}`
  return formPage(language, {
    title: 'password_title',
    action: '/sign-in/password',
    fields: [addressField(email, 1_024, true), passwordField('current')],
    hidden: { target },
    button: 'password_button',
    problem,
    after: html`<p><a href="/forgotten">${say(language, 'password_forgotten')}</a></p>
<p><a href="/sign-in${query}">${say(language, 'password_other')}</a></p>`,
  })
}

export function codePage(language: Language, problem?: FormProblem): string {
  return formPage(language, {
    title: 'code_title',
    action: '/sign-in/code',
    fields: [{ ...CODE_FIELD, hint: 'code_hint' }],
    button: 'password_button',
    problem,
  })
}

/** Whose second factor it will be, and its secret. */
export interface FactorToAdd {
  readonly secret: string
  readonly email: string
  readonly accountName: string
}

/** A picture to scan, the key in letters, and the code that proves that it was. */
export function factorPage(
  language: Language,
  { secret, email, accountName }: FactorToAdd,
  rest: Pick<Form, 'action'> & Partial<Pick<Form, 'hidden' | 'problem'>>,
): string {
  const spaced = secret.replaceAll(/(.{4})(?=.)/g, '$1 ')
  const intro = html`${paragraph(language, 'factor_intro')}
${qrCode(describeFactor(secret, email, accountName).uri, say(language, 'factor_picture'))}
${paragraph(language, 'factor_secret', { secret: spaced })}`
  return formPage(language, { title: 'factor_title', intro, fields: [CODE_FIELD], button: 'form_continue', ...rest })
}

/** A QR code as SVG, which needs neither a script nor a style: one path of squares. */
export function qrSvg(text: string, label: string): string {
  return qrCode(text, label).text
}

function qrCode(text: string, label: string): Html {
  const { size, data } = encode(text, { ecc: 'M', border: 4 })
  const squares = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])))
  const box = `0 0 ${size} ${size}`
  return html`<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${label}" viewBox="${box}" shape-rendering="crispEdges"><path fill="white" d="M0 0h${String(size)}v${String(size)}H0z"/><path fill="black" d="${squares.join('')}"/></svg>`
}

/** Shown once, on the way in. */
export function recoveryPage(language: Language, codes: readonly string[], target: string): string {
  const items = codes.map((code) => html`<li><code>${code}</code></li>`)
  const body = html`${paragraph(language, 'recovery_intro')}
<ol>${items}</ol>
<p><a href="${target}">${say(language, 'recovery_go')}</a></p>`
  return page(language, say(language, 'recovery_title'), body)
}
