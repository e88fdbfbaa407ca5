import type { Paper } from './paper.js'
import { ACME_DOMAIN, displayNameOf, personNamed } from './people.js'
import { heading, note } from './print-tour.js'
import type { SignIn } from './sign-in.js'

const nameOf = (login: string): string => displayNameOf(personNamed(login))

/** How to sign in as one of those who were pushed, and what there is to see. The shell's settings are those of part 5. */
export function printSignIn({ entraUrl, oktaUrl }: SignIn, idpUrl: string, paper: Paper): void {
  heading(paper, '6. Sign in as one of them, in a browser')
  note(
    paper,
    'An identity provider without passwords asks whom you want to be. Choose, and see what Usher makes of it.',
  )
  paper.line()
  paper.line(`  Acme       ${paper.bold(entraUrl)}`)
  paper.line(`  Nordlys    ${paper.bold(oktaUrl)}`)
  paper.line(`  by address ${paper.bold(new URL('/sign-in', entraUrl).href)} (any address @${ACME_DOMAIN})`)
  paper.line()
  for (const [login, url, text] of PEOPLE) {
    paper.line(`  ${paper.bold(nameOf(login))} ${paper.faint(`(${url})`)}`)
    paper.line(`      ${text}`)
  }
  print(paper, 'What the log has of it: who, which NameID, what was checked, and why somebody was not let in', [
    'curl -s "$ACME/events?action=signin.succeeded&limit=1" -H "$OPERATOR" | show',
    'curl -s "$ACME/events?action=signin.failed&limit=1" -H "$OPERATOR" | show',
  ])
  print(
    paper,
    `While ${nameOf('katerina.dvorakova')} is signed in: Entra ID switches her off. Then load her page again`,
    [
      'export HERS=$(curl -sG "$ENTRA_SCIM/Users" -H "$ENTRA_TOKEN" \\',
      `  --data-urlencode 'filter=userName eq "${personNamed('katerina.dvorakova').address}"' |`,
      "  node -p 'JSON.parse(fs.readFileSync(0)).Resources[0].id')",
      'curl -sX PATCH "$ENTRA_SCIM/Users/$HERS" -H "$ENTRA_TOKEN" \\',
      `  -H 'Content-Type: application/scim+json' -d '{`,
      `    "schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],`,
      `    "Operations":[{"op":"Replace","path":"active","value":"False"}]}' | show`,
    ],
  )
  paper.line()
  note(paper, `Who is signed in at the identity provider, and a way to sign them out everywhere: ${idpUrl}/`)
}

const PEOPLE = [
  ['katerina.dvorakova', 'Acme', 'lands on a page with her licenses. Her pending one has become a seat of Webinar.'],
  ['per.lindqvist', 'Acme', 'was switched off by his directory: he reads so, with a code, and an id to find it by.'],
  ['ulku.aydin', 'Nordlys', 'comes through another directory, to which Usher posts its request as a form.'],
] as const

function print(paper: Paper, title: string, lines: readonly string[]): void {
  paper.line()
  paper.line(paper.faint(`# ${title}`))
  for (const line of lines) paper.line(line)
}
