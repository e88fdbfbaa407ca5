import type { Acme } from './acme.js'
import type { AdminApi } from './admin-api.js'
import type { MatchRequest, Product, Rule, UserDetail } from './answers.js'
import type { Paper } from './paper.js'
import { heading, note } from './print-tour.js'

/** What the reader can do now, as lines to paste: each block is complete once the settings have been pasted. */
export async function printNextSteps(
  admin: AdminApi,
  { url, operatorToken }: { readonly url: string; readonly operatorToken: string },
  { accountId, entra }: Acme,
  paper: Paper,
): Promise<void> {
  heading(paper, '5. Your turn: the server goes on')
  print(paper, 'Settings for the blocks below', [
    `export ACME=${url}/api/v1/accounts/${accountId}`,
    `export OPERATOR='Authorization: Bearer ${operatorToken}'`,
    "export JSON='Content-Type: application/json'",
    `export ENTRA=${entra.id}`,
    `export ENTRA_SCIM=${entra.scimBaseUrl}`,
    `export ENTRA_TOKEN='Authorization: Bearer ${entra.token}'`,
    "show() { node -p 'JSON.stringify(JSON.parse(fs.readFileSync(0)), null, 2)'; }",
  ])
  const account = `/accounts/${accountId}`
  const [zoe] = await admin.all<UserDetail>(`${account}/users?q=zoe.mueller`)
  const products = await admin.all<Product>(`${account}/products`)
  const rules = await admin.all<Rule>(`${account}/connections/${entra.id}/rules`)
  const [match] = await admin.all<MatchRequest>(`${account}/match-requests?state=open`)
  const scarce = products.find(({ waiting }) => waiting > 0)
  const rule = rules.find(({ effects }) => effects.products?.some(({ key }) => key === scarce?.key))
  if (zoe !== undefined) printReading(paper, zoe)
  if (scarce !== undefined) printSeat(paper, scarce)
  if (rule !== undefined) printRule(paper, rule)
  if (match !== undefined) printMatch(paper, match)
  paper.line()
  note(paper, 'Every call is described in docs/api.md and /api/v1/openapi.json, every event in docs/events.md.')
}

function printReading(paper: Paper, { id, displayName }: UserDetail): void {
  print(paper, `${displayName}: roles and licenses, each with its source, and what the directory says, and her story`, [
    `curl -s "$ACME/users/${id}" -H "$OPERATOR" | show`,
    `curl -s "$ACME/events?userId=${id}" -H "$OPERATOR" | show`,
  ])
  print(paper, 'The same person as Entra ID finds her', [
    `curl -sG "$ENTRA_SCIM/Users" -H "$ENTRA_TOKEN" \\`,
    `  --data-urlencode 'filter=name.familyName eq "Müller" and active eq true' | show`,
  ])
  print(paper, 'What failed. With its id behind /events/ an event shows its request and answer, without secrets', [
    'curl -s "$ACME/events?outcome=failure" -H "$OPERATOR" | show',
  ])
}

function printSeat(paper: Paper, { id, name, seats }: Product): void {
  print(paper, `One more seat of ${name}: it goes to whoever waits longest`, [
    `curl -sX PATCH "$ACME/products/${id}" -H "$OPERATOR" -H "$JSON" \\`,
    `  -d '{"seats":${seats + 1}}' | show`,
  ])
}

function printRule(paper: Paper, { id, priority }: Rule): void {
  const effects = '"effects":{"products":[{"key":"phone"}]}'
  print(paper, `If rule #${priority} of Entra ID gave Phone instead: who would gain and lose what, then do it`, [
    `export RULES=$ACME/connections/$ENTRA/rules RULE=${id}`,
    'curl -s "$RULES/preview" -H "$OPERATOR" -H "$JSON" \\',
    `  -d '{"ruleId":"'$RULE'","who":{"everyone":true},"rule":{`,
    `    ${effects}}}' | show`,
    `curl -sX PATCH "$RULES/$RULE" -H "$OPERATOR" -H "$JSON" \\`,
    `  -d '{${effects}}' | show`,
  ])
}

function printMatch(paper: Paper, { id, incoming: { userName } }: MatchRequest): void {
  print(paper, `Link ${userName}, then Entra ID sends her again`, [
    `curl -s "$ACME/match-requests/${id}/decision" \\`,
    `  -H "$OPERATOR" -H "$JSON" -d '{"decision":"link"}' | show`,
    `curl -s "$ENTRA_SCIM/Users" -H "$ENTRA_TOKEN" -H 'Content-Type: application/scim+json' \\`,
    `  -d '{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],`,
    `    "userName":"${userName}",`,
    `    "name":{"givenName":"Ingrid","familyName":"Sørensen"}}' | show`,
  ])
}

function print(paper: Paper, title: string, lines: readonly string[]): void {
  paper.line()
  paper.line(paper.faint(`# ${title}`))
  for (const line of lines) paper.line(line)
}
