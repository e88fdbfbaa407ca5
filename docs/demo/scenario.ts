import { randomUUID } from 'node:crypto'
import type { Acme } from './acme.js'
import { type DirectoryClient, directoryClient } from './directory-client.js'
import * as entra from './entra.js'
import * as okta from './okta.js'
import { ACME_PEOPLE, displayNameOf, NORDLYS_PEOPLE, personNamed } from './people.js'

/** Told while a step is under way: how much of it is done, and how many requests were sent so far. */
export type Progress = (step: string, done: number, of: number, requests: number) => void

/** One directory at work: its line, and the SCIM ids that it was given, by login or by name of the group. */
interface Directory {
  readonly line: DirectoryClient
  readonly people: Map<string, string>
  readonly groups: Map<string, string>
}

interface Step {
  readonly name: string
  /** What is sent, in this order. */
  readonly acts: readonly (() => Promise<unknown>)[]
}

/** Two directories push their people and groups over HTTP; then things change, and some go wrong. */
export async function playScenario(acme: Acme, told: Progress): Promise<void> {
  const ours = directoryOf(directoryClient(acme.entra.scimBaseUrl, acme.entra.token, 'Usher demo, like Entra ID'))
  const theirs = directoryOf(directoryClient(acme.okta.scimBaseUrl, acme.okta.token, 'Usher demo, like Okta'))
  const stale = directoryOf(directoryClient(acme.okta.scimBaseUrl, `${acme.okta.token}-old`, 'Usher demo, like Okta'))
  const steps = [entraPeople(ours), entraGroups(ours), oktaPeople(theirs), oktaGroups(theirs)]
  for (const { name, acts } of [...steps, changes(ours, theirs), mishaps(ours, theirs, stale)]) {
    const requests = () => ours.line.sent + theirs.line.sent + stale.line.sent
    for (const [index, act] of acts.entries()) {
      told(name, index, acts.length, requests())
      await act()
    }
    told(name, acts.length, acts.length, requests())
  }
}

function directoryOf(line: DirectoryClient): Directory {
  return { line, people: new Map(), groups: new Map() }
}

function entraPeople({ line, people }: Directory): Step {
  const push = ACME_PEOPLE.map((person) => async () => {
    people.set(person.address, await entra.pushPerson(line, person))
  })
  return { name: `Entra ID pushes ${push.length} people`, acts: [() => entra.testConnection(line), ...push] }
}

const SALES = ['aylin.demir', 'bjorn.akesson', 'chloe.lefevre', 'daithi.obriain', 'giulia.dalloglio', 'haruto.tanaka']
const FIRST_SUPPORT = ['per.lindqvist', 'nadia.haddad', 'lukasz.wisniewski', 'priya.raman', 'mateo.nunez']
const MORE_SUPPORT = ['sebnem.yildiz', 'zoe.mueller']

/** There are six seats of Assist for seven people in Support. */
function entraGroups(ours: Directory): Step {
  const push = (name: string, ...batches: readonly (readonly string[])[]) => [
    async () => ours.groups.set(name, await entra.pushGroup(ours.line, name)),
    ...batches.map((logins) => () => entra.addMembers(ours.line, groupOf(ours, name), idsOf(ours, logins))),
  ]
  const sales = push('Sales', [...SALES, 'joao.goncalves'])
  const support = push('Support', FIRST_SUPPORT, MORE_SUPPORT)
  const leads = push('Team Leads', ['joao.goncalves', 'mateo.nunez'])
  return { name: 'Entra ID pushes 3 groups', acts: [...sales, ...support, ...leads] }
}

function oktaPeople({ line, people }: Directory): Step {
  const push = NORDLYS_PEOPLE.map((person) => async () => {
    people.set(person.address, await okta.pushPerson(line, person))
  })
  return { name: `Okta pushes ${push.length} people`, acts: [() => okta.testConnection(line), ...push] }
}

const HELPDESK = ['freja.norgaard', 'kenji.watanabe', 'amelie.cote', 'dragana.dordevic']
const OPERATIONS = ['hakon.bjornstad', 'siobhan.kelly']
const FIELD_SALES = ['anais.dubois', 'marek.svoboda', 'ines.alvarez', 'noah.schaefer']

function oktaGroups(theirs: Directory): Step {
  const push = (name: string, logins: readonly string[]) => async () => {
    const members = logins.map((login) => ({ value: idOf(theirs, login), display: displayNameOf(personNamed(login)) }))
    theirs.groups.set(name, await okta.pushGroup(theirs.line, name, members))
  }
  const acts = [push('IT Operations', OPERATIONS), push('Field Sales', FIELD_SALES), push('Helpdesk', HELPDESK)]
  return { name: 'Okta pushes 3 groups', acts }
}

/** What every directory does sooner or later: titles, names, a new name for a group, people who leave, one who rises. */
function changes(ours: Directory, theirs: Directory): Step {
  const zoe = () => idOf(ours, 'zoe.mueller')
  const per = () => idOf(ours, 'per.lindqvist')
  const acts = [
    () => entra.patchPerson(ours.line, zoe(), [{ op: 'Replace', path: 'title', value: 'Support specialist' }]),
    () => entra.patchPerson(ours.line, zoe(), [{ op: 'Add', path: 'manager', value: idOf(ours, 'mateo.nunez') }]),
    () =>
      okta.updateProfile(theirs.line, idOf(theirs, 'anais.dubois'), {
        name: { givenName: 'Anaïs', familyName: 'Dubois-Martin' },
        displayName: 'Anaïs Dubois-Martin',
      }),
    () => okta.renameGroup(theirs.line, groupOf(theirs, 'Helpdesk'), 'Customer Care EMEA'),
    () => entra.patchPerson(ours.line, per(), [{ op: 'Replace', path: 'active', value: 'False' }]),
    () => okta.setActive(theirs.line, idOf(theirs, 'kenji.watanabe'), false),
    () => entra.addMembers(ours.line, groupOf(ours, 'Team Leads'), [zoe()]),
  ]
  return { name: 'Things change in both', acts }
}

/** What goes wrong: each is refused with a text that says who can mend it. */
function mishaps(ours: Directory, theirs: Directory, stale: Directory): Step {
  const acts = [
    () => entra.createPerson(ours.line, personNamed('ingrid.sorensen'), 409),
    () => okta.createPerson(theirs.line, personNamed('lea.fontaine'), 409),
    () => entra.addMembers(ours.line, groupOf(ours, 'Sales'), [randomUUID()], 400),
    () => stale.line.send('GET', '/Users?startIndex=1&count=2', undefined, 401),
  ]
  return { name: 'Some requests go wrong', acts }
}

const idsOf = (directory: Directory, logins: readonly string[]): string[] => logins.map((one) => idOf(directory, one))

function idOf({ people }: Directory, login: string): string {
  return known(people, personNamed(login).address)
}

function groupOf({ groups }: Directory, name: string): string {
  return known(groups, name)
}

function known(ids: ReadonlyMap<string, string>, key: string): string {
  const id = ids.get(key)
  if (id === undefined) throw new Error(`the directory has not pushed ${key} yet`)
  return id
}
