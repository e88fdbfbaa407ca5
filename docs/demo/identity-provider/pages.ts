import { escaped } from '../../../saml/escape.js'
import { displayNameOf } from '../people.js'
import { type Application, MANNERS, type Manner, nameOf, type PostedAnswer } from './application.js'

const WORDS: Readonly<Record<Manner, string>> = {
  assertion: 'the assertion is signed',
  response: 'the response is signed',
  both: 'both are signed',
  encrypted: 'both are signed, the assertion encrypted',
}

/** Whom to be: every button signs in as the person on it. */
export function pickPage({ settings }: Application, requestId: string, relayState: string): string {
  const people = settings.people.map(
    (person) =>
      `<li><button name="person" value="${escaped(person.address)}">${escaped(displayNameOf(person))}</button> ${escaped(person.title)}</li>`,
  )
  const manners = MANNERS.map(
    (manner) =>
      `<label><input type="radio" name="manner" value="${manner}"${manner === 'assertion' ? ' checked' : ''}> ${WORDS[manner]}</label><br>`,
  )
  return page(
    `${settings.name}: sign in as`,
    `<form method="post" action="/${escaped(settings.key)}/answer">
${hidden('request', requestId)}${hidden('RelayState', relayState)}
<ul>${people.join('\n')}</ul>
<p><button name="person" value="">As nobody: refuse</button></p>
<fieldset><legend>How the answer is protected</legend>${manners.join('\n')}</fieldset>
</form>`,
  )
}

/** On the way back: a form that posts itself; the button is for browsers without scripts. */
export function answerPage({ url, samlResponse }: PostedAnswer, relayState: string): string {
  const fields = `${hidden('SAMLResponse', samlResponse)}${relayState === '' ? '' : hidden('RelayState', relayState)}`
  return page(
    'On the way back',
    `<form method="post" action="${escaped(url)}">${fields}<button>Continue</button></form>
<script>document.forms[0].submit()</script>`,
  )
}

/** Who is signed in where. */
export function frontPage(applications: readonly Application[]): string {
  const sections = applications.map((application) => {
    const { settings, sessions } = application
    const rows = [...new Set([...sessions.values()].map(({ address }) => address))].map(
      (address) =>
        `<form method="post" action="/${escaped(settings.key)}/sign-out">${hidden('person', address)}${escaped(nameOf(settings.people, address))} <button>Sign out everywhere</button></form>`,
    )
    return `<h2>${escaped(settings.name)}</h2>\n${rows.join('\n') || '<p>Nobody is signed in.</p>'}`
  })
  return page('The identity provider of the demo', sections.join('\n'))
}

export function messagePage(title: string, text: string): string {
  return page(title, `<p>${escaped(text)}</p>\n<p><a href="/">Who is signed in</a></p>`)
}

function hidden(name: string, value: string): string {
  return `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`
}

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title>
<style>body{font:16px/1.6 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem}ul{list-style:none;padding:0}button{font:inherit}</style></head>
<body>
<main>
<h1>${escaped(title)}</h1>
${body}
</main>
</body>
</html>
`
}
