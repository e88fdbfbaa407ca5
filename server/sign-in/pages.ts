import type { LogEvent } from '../../accounts/events-read.js'
import type { SignedIn } from '../../accounts/sessions.js'
import { LANGUAGES, type Language, say, sayCode } from './language.js'
import { type Html, html, NOTHING, page, paragraph } from './page.js'

/** What stands above the form, if anything. */
export type SignInNotice = 'sign_in_unknown' | 'sign_in_limited' | 'sign_in_signed_out' | 'step_again'

/** The address first; what was typed stays. */
export function signInPage(language: Language, email: string, target: string, notice?: SignInNotice): string {
  const isWrong = notice === 'sign_in_unknown'
  const described = isWrong ? 'notice hint' : 'hint'
  const status = notice === undefined ? NOTHING : html`<p id="notice" role="status">${say(language, notice)}</p>`
  const body = html`${status}
<form method="post" action="/sign-in">
<label for="email">${say(language, 'sign_in_email')}</label>
<input id="email" name="email" type="email" autocomplete="username" autocapitalize="none" spellcheck="false" required maxlength="320" value="${email}" aria-describedby="${described}"${isWrong ? html` aria-invalid="true"` : NOTHING}>
<input type="hidden" name="target" value="${target}">
<p id="hint">${say(language, 'sign_in_hint')}</p>
<button>${say(language, 'sign_in_button')}</button>
<button name="way" value="password">${say(language, 'sign_in_password_button')}</button>
</form>`
  return page(language, say(language, 'sign_in_title'), body, { footer: languages(language, target) })
}

function languages(current: Language, target: string): Html {
  const link = (language: Language) => {
    const query = new URLSearchParams({ lang: language, ...(target === '/' ? {} : { target }) }).toString()
    const here = language === current ? html` aria-current="true"` : NOTHING
    return html`<a href="/sign-in?${query}" lang="${language}" hreflang="${language}"${here}>${LANGUAGES[language].texts.language}</a>`
  }
  const links = (Object.keys(LANGUAGES) as Language[]).map(link)
  return html`<footer><nav aria-label="${say(current, 'languages')}">${links}</nav></footer>`
}

/** What a person reads who was not let in: what she can do, a code and a short id for her administrator. */
export function refusalPage(language: Language, code: string, id: string): string {
  const body = html`<p>${sayCode(language, code)}</p>
${paragraph(language, 'refused_ask', { code, id })}
<p><a href="/sign-in">${say(language, 'refused_again')}</a></p>`
  return page(language, say(language, 'refused_title'), body)
}

const STATES = ['assigned', 'reserved', 'pending', 'waiting'] as const

export function landingPage(
  language: Language,
  { account, user, role }: SignedIn,
  licenses: readonly { readonly product: string; readonly state: string }[],
): string {
  const list = licenses.map(({ product, state }) => {
    const known = STATES.find((one) => one === state)
    return html`<li>${product}: ${known === undefined ? state : say(language, `license_${known}`)}</li>`
  })
  const waits = licenses.some(({ state }) => state === 'waiting') ? paragraph(language, 'landing_waiting') : NOTHING
  const body = html`${paragraph(language, 'landing_who', {
    account: account.name,
    who: user.email ?? user.displayName,
    role: role.key,
  })}
<h2>${say(language, 'landing_licenses')}</h2>
${list.length === 0 ? paragraph(language, 'landing_none') : html`<ul>${list}</ul>`}
${waits}
<form method="post" action="/sign-out"><button>${say(language, 'landing_sign_out')}</button></form>`
  return page(language, say(language, 'landing_title', { name: user.displayName }), body)
}

/** On the way to the identity provider, which signs the person out everywhere; the link is for whoever is not taken along. */
export function leavingPage(language: Language, url: string): string {
  const head = html`<meta http-equiv="refresh" content="0;url=${url}">`
  const body = html`<p><a href="${url}">${say(language, 'leaving_link')}</a></p>`
  return page(language, say(language, 'leaving_title'), body, { head })
}

/** A form that the browser posts to the identity provider; the button is for those without scripts. */
export function postPage(
  language: Language,
  url: string,
  fields: Readonly<Record<string, string>>,
  nonce: string,
): string {
  const inputs = Object.entries(fields).map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  )
  const body = html`<form method="post" action="${url}" id="go">${inputs}<button>${say(language, 'post_button')}</button></form>
<script nonce="${nonce}">document.getElementById('go').submit()</script>`
  return page(language, say(language, 'post_title'), body)
}

/** What a test found, for whoever tries a sign-in out. */
export function testPage(language: Language, { id, code, message, subject, signIn }: LogEvent): string {
  const { checks = [], expected, received, certificate } = signIn ?? {}
  const rows = checks.map(
    ({ check, passed }) =>
      html`<tr><th scope="row" lang="en">${check.replaceAll('_', ' ')}</th><td>${say(language, passed ? 'test_ok' : 'test_not_ok')}</td></tr>`,
  )
  const who = subject?.type === 'user' ? (subject.email ?? subject.displayName) : signIn?.nameId
  const body = html`${paragraph(language, 'test_nobody')}
${code === undefined ? NOTHING : html`<p lang="en"><code>${code}</code>: ${message ?? ''}</p>`}
${optional(language, 'test_person', 'who', who)}
${optional(language, 'test_expected', 'expected', expected)}
${optional(language, 'test_received', 'received', received)}
${optional(language, 'test_certificate', 'certificate', certificate)}
<table>
<caption>${say(language, 'test_checks')}</caption>
<thead><tr><th scope="col">${say(language, 'test_check')}</th><th scope="col">${say(language, 'test_result')}</th></tr></thead>
<tbody>${rows}</tbody>
</table>
<p><code>${id.replaceAll('-', '')}</code></p>`
  return page(language, say(language, code === undefined ? 'test_passed_title' : 'test_failed_title'), body)
}

function optional(
  language: Language,
  key: 'test_person' | 'test_expected' | 'test_received' | 'test_certificate',
  name: string,
  value: string | undefined,
): Html {
  return value === undefined ? NOTHING : paragraph(language, key, { [name]: value })
}
