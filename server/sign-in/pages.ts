import type { SignedIn } from '../../accounts/sessions.js'

/** A page that needs no script: it works in every browser and under every policy. */
function page(title: string, body: string, head = ''): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title>${head}
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:36rem;margin:4rem auto;padding:0 1rem}code{overflow-wrap:anywhere}</style></head>
<body>
<main>
<h1>${escaped(title)}</h1>
${body}
</main>
</body>
</html>
`
}

/** What a person reads who was not let in: what she can do, a code and a short id for her administrator. */
export function refusalPage(code: string, id: string): string {
  const text = TEXTS[code] ?? 'The sign-in did not succeed.'
  return page(
    'You are not signed in',
    `<p>${escaped(text)}</p>
<p>Ask your administrator and give them this: <code>${escaped(code)}</code>, <code>${escaped(id)}</code>.</p>`,
  )
}

const TEXTS: Readonly<Record<string, string>> = {
  not_invited: 'Your account is not set up here yet.',
  user_deactivated: 'Your access is switched off.',
  user_transferred: 'Your access is switched off here.',
  replay: 'This sign-in answer was used before. Start again.',
  expired_request: 'The sign-in took too long. Start again.',
  unknown_request: 'This answer does not belong to a sign-in started here. Start again from the application.',
  other_browser: 'This answer belongs to a sign-in in another browser. Start again here.',
  unsolicited: 'Begin the sign-in here: starting at your identity provider is switched off.',
  idp_status: 'Your identity provider did not confirm the sign-in.',
  no_identifier: 'Your identity provider did not say who you are.',
  ambiguous_user: 'Your identity provider names more than one person here.',
  outside_time: 'The answer of your identity provider is too old, or its clock is wrong. Start again.',
  saml_not_set_up: 'Sign-in is not set up here yet.',
  connection_disabled: 'Sign-in is switched off here.',
}

export function landingPage(
  { account, user, role }: SignedIn,
  licenses: readonly { product: string; state: string }[],
): string {
  const list = licenses.map(({ product, state }) => `<li>${escaped(product)}: ${escaped(state)}</li>`).join('\n')
  const none = '<p>You have no license yet.</p>'
  return page(
    `Welcome, ${user.displayName}`,
    `<p>You are signed in to <strong>${escaped(account.name)}</strong> as ${escaped(user.email ?? user.displayName)} (${escaped(role.key)}).</p>
<h2>Your licenses</h2>
${list === '' ? none : `<ul>\n${list}\n</ul>`}
<form method="post" action="/sign-out"><button>Sign out</button></form>`,
  )
}

/** On the way to the identity provider, which signs the person out everywhere; the link is for whoever is not taken along. */
export function leavingPage(url: string): string {
  const refresh = `<meta http-equiv="refresh" content="0;url=${escaped(url)}">`
  return page('You are signed out here', `<p><a href="${escaped(url)}">Sign out everywhere</a></p>`, refresh)
}

/** A form that the browser posts to the identity provider; the button is for those without scripts. */
export function postPage(url: string, fields: Readonly<Record<string, string>>, nonce: string): string {
  const inputs = Object.entries(fields).map(
    ([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`,
  )
  return page(
    'On the way to your identity provider',
    `<form method="post" action="${escaped(url)}" id="go">${inputs.join('')}<button>Continue</button></form>
<script nonce="${escaped(nonce)}">document.getElementById('go').submit()</script>`,
  )
}

export function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
