import type { SetUpInput } from '../../accounts/set-up.js'
import { type Field, type FormProblem, formPage } from './form.js'
import { type Language, say } from './language.js'
import { html, page, paragraph } from './page.js'
import { passwordField } from './password-pages.js'
import type { TextKey } from './texts/en.js'

/** Who becomes the owner; `accountName` is known where there is an account. */
export function setUpPage(
  language: Language,
  action: string,
  accountName: string | undefined,
  typed: Omit<SetUpInput, 'password'>,
  problem?: FormProblem,
): string {
  const text = (name: keyof typeof typed, label: TextKey, autocomplete: string, maxlength: number): Field => {
    return { name, label, type: name === 'email' ? 'email' : 'text', autocomplete, maxlength, value: typed[name] }
  }
  const about =
    accountName === undefined
      ? paragraph(language, 'set_up_intro')
      : html`${paragraph(language, 'set_up_account', { account: accountName })}${paragraph(language, 'set_up_intro')}`
  return formPage(language, {
    title: 'set_up_title',
    intro: about,
    action,
    fields: [
      ...(accountName === undefined ? [text('accountName', 'field_company', 'organization', 512)] : []),
      text('givenName', 'field_given_name', 'given-name', 256),
      text('familyName', 'field_family_name', 'family-name', 256),
      text('email', 'field_email', 'username', 512),
      passwordField('new'),
    ],
    hidden: { page: 'details' },
    button: 'form_continue',
    problem,
  })
}

/** A link that does not work: why, and what to do. */
export function brokenLinkPage(language: Language, why: TextKey, hint: TextKey | undefined): string {
  const body = html`${paragraph(language, why)}${hint === undefined ? '' : paragraph(language, hint)}
<p><a href="/sign-in">${say(language, 'sign_in_title')}</a></p>`
  return page(language, say(language, 'link_title'), body)
}
