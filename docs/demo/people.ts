/** A person of the demo, as her directory has her. The address is also the userName. */
export interface Person {
  readonly givenName: string
  readonly familyName: string
  readonly address: string
  readonly title: string
  readonly department: string
}

export const ACME_DOMAIN = 'acme.example'
export const NORDLYS_DOMAIN = 'nordlys.example'

type Row = readonly [givenName: string, familyName: string, login: string, title: string]

function people(domain: string, department: string, rows: readonly Row[]): Person[] {
  return rows.map(([givenName, familyName, login, title]) => {
    return { givenName, familyName, address: `${login}@${domain}`, title, department }
  })
}

const sales = people(ACME_DOMAIN, 'Sales', [
  ['Aylin', 'Demir', 'aylin.demir', 'Account executive'],
  ['Björn', 'Åkesson', 'bjorn.akesson', 'Account executive'],
  ['Chloé', 'Lefèvre', 'chloe.lefevre', 'Account executive'],
  ['Dáithí', 'Ó Briain', 'daithi.obriain', 'Account executive'],
  ['Giulia', "Dall'Oglio", 'giulia.dalloglio', 'Sales engineer'],
  ['Haruto', 'Tanaka', 'haruto.tanaka', 'Sales engineer'],
  ['João', 'Gonçalves', 'joao.goncalves', 'Head of sales'],
])

const support = people(ACME_DOMAIN, 'Support', [
  ['Per', 'Lindqvist', 'per.lindqvist', 'Support specialist'],
  ['Nadia', 'Haddad', 'nadia.haddad', 'Support specialist'],
  ['Łukasz', 'Wiśniewski', 'lukasz.wisniewski', 'Support specialist'],
  ['Priya', 'Raman', 'priya.raman', 'Support specialist'],
  ['Mateo', 'Núñez', 'mateo.nunez', 'Head of support'],
  ['Şebnem', 'Yıldız', 'sebnem.yildiz', 'Support specialist'],
  ['Zoë', 'Müller', 'zoe.mueller', 'Support trainee'],
])

const marketing = people(ACME_DOMAIN, 'Marketing', [
  ['Léa', 'Fontaine', 'lea.fontaine', 'Copywriter'],
  ['Kateřina', 'Dvořáková', 'katerina.dvorakova', 'Event manager'],
  ['Tomás', 'Herrera', 'tomas.herrera', 'Event manager'],
  ['Adaeze', 'Okafor', 'adaeze.okafor', 'Designer'],
])

const finance = people(ACME_DOMAIN, 'Finance', [
  ['Jürgen', 'Groß', 'juergen.gross', 'Controller'],
  ['Thandiwe', 'Nkosi', 'thandiwe.nkosi', 'Accountant'],
])

/** She is an administrator already, so a directory does not get her without being asked. */
const INGRID = people(ACME_DOMAIN, 'Finance', [['Ingrid', 'Sørensen', 'ingrid.sorensen', 'Head of finance']])

const engineering = people(ACME_DOMAIN, 'Engineering', [
  ['Søren', 'Kjær', 'soren.kjaer', 'Developer'],
  ['Měilíng', 'Zhāo', 'meiling.zhao', 'Developer'],
  ['Aarav', 'Patel', 'aarav.patel', 'Developer'],
  ['Ioana', 'Țurcanu', 'ioana.turcanu', 'Developer'],
  ['Eoin', 'Gallagher', 'eoin.gallagher', 'Developer'],
])

/** The people of Acme itself, whom Entra ID pushes. Tomás was added by hand before. */
export const ACME_PEOPLE: readonly Person[] = [...sales, ...support, ...marketing, ...finance, ...engineering]

const field = people(NORDLYS_DOMAIN, 'Field sales', [
  ['Anaïs', 'Dubois', 'anais.dubois', 'Account manager'],
  ['Marek', 'Svoboda', 'marek.svoboda', 'Account manager'],
  ['Inés', 'Álvarez', 'ines.alvarez', 'Account manager'],
  ['Noah', 'Schäfer', 'noah.schaefer', 'Account manager'],
])

const helpdesk = people(NORDLYS_DOMAIN, 'Helpdesk', [
  ['Freja', 'Nørgaard', 'freja.norgaard', 'Helpdesk agent'],
  ['Kenji', 'Watanabe', 'kenji.watanabe', 'Helpdesk agent'],
  ['Amélie', 'Côté', 'amelie.cote', 'Helpdesk agent'],
  ['Dragana', 'Đorđević', 'dragana.dordevic', 'Helpdesk agent'],
])

const operations = people(NORDLYS_DOMAIN, 'IT', [
  ['Håkon', 'Bjørnstad', 'hakon.bjornstad', 'Administrator'],
  ['Siobhán', 'Kelly', 'siobhan.kelly', 'Administrator'],
])

const laboratory = people(NORDLYS_DOMAIN, 'Laboratory', [
  ['Víctor', 'Ibáñez', 'victor.ibanez', 'Researcher'],
  ['Quốc Bảo', 'Trần', 'bao.tran', 'Researcher'],
  ['Rūta', 'Kazlauskienė', 'ruta.kazlauskiene', 'Researcher'],
  ['Ülkü', 'Aydın', 'ulku.aydin', 'Researcher'],
])

/** The people of Nordlys, a company that Acme bought: they come from its own directory, Okta. */
export const NORDLYS_PEOPLE: readonly Person[] = [...field, ...helpdesk, ...operations, ...laboratory]

export const displayNameOf = ({ givenName, familyName }: Person): string => `${givenName} ${familyName}`

/** A person by the first part of the address. Throws where the demo has no such person. */
export function personNamed(login: string): Person {
  const everyone = [...ACME_PEOPLE, ...NORDLYS_PEOPLE, ...INGRID]
  const found = everyone.find(({ address }) => address.startsWith(`${login}@`))
  if (found === undefined) throw new Error(`the demo has no person ${login}`)
  return found
}
