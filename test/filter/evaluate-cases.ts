import type { Document } from '../../filter/attribute.js'
import { ENTERPRISE_URN } from '../../filter/schemas/enterprise-user.js'

/** A user with what is computed at read, as the condition of a rule sees her. */
export const ADA: Document = {
  id: 'Ab1',
  externalId: 'X-7',
  userName: 'Ada@Example.com',
  active: true,
  displayName: 'Ada Lovelace',
  name: { givenName: 'Ada', familyName: 'Lovelace' },
  title: '',
  emails: [
    { value: 'ada@example.com', type: 'work', primary: true },
    { value: 'Ada@Home.org', type: 'home' },
  ],
  phoneNumbers: [{ value: '+44 1', type: 'work' }, { type: 'mobile' }],
  meta: { resourceType: 'User', created: '2026-01-02T03:04:05Z', lastModified: '2026-01-02T05:04:05.5+02:00' },
  groups: [
    { value: 'g1', display: 'Sales EMEA' },
    { value: 'G2', display: 'Everyone' },
  ],
  [ENTERPRISE_URN]: { department: 'EMEA Sales', manager: { value: 'M1' } },
}

/** Filters that match her, and filters that do not. Numbers are the checks of SCIM.md section 2. */
export const MATCHES: Readonly<Record<string, { readonly yes: readonly string[]; readonly no: readonly string[] }>> = {
  '90: case by caseExact': {
    yes: ['userName eq "ADA@EXAMPLE.COM"', 'id eq "Ab1"', 'externalId eq "X-7"', 'groups.value eq "G2"'],
    no: ['id eq "ab1"', 'externalId eq "x-7"', 'groups.value eq "g2"', 'manager eq "m1"'],
  },
  '91: a multi-valued attribute matches if any value does': {
    yes: ['emails eq "ada@home.org"', 'emails.type eq "HOME"', 'emails co "home"', 'groups.display sw "sales"'],
    no: ['emails eq "ada@work.org"', 'emails.type eq "other"', 'groups.display eq "Sales"'],
  },
  '92: in brackets all terms are about one element': {
    yes: [
      'emails[type eq "work" and value co "example"]',
      'emails[type eq "home"].value eq "ADA@HOME.ORG"',
      'emails.type eq "work" and emails.value eq "ada@home.org"',
      'emails[not (type eq "work")]',
      'emails[primary eq "True"].value ew ".com"',
      'name[familyName eq "lovelace" and givenName eq "ada"]',
      'manager[value eq "M1"]',
    ],
    no: [
      'emails[type eq "work" and value co "home"]',
      'emails[type eq "work"].value eq "ada@home.org"',
      'emails[type eq "other"]',
      'emails[primary eq false]',
      'ims[not (type eq "work")]',
      'name[familyName eq "lovelace" and givenName eq "Bob"]',
    ],
  },
  '93: pr is a value that is not empty': {
    yes: [
      'userName pr',
      'active pr',
      'name pr',
      'emails pr',
      'emails.primary pr',
      'groups pr',
      'manager pr',
      'meta pr',
    ],
    no: ['title pr', 'nickName pr', 'ims pr', 'name.middleName pr', 'phoneNumbers.display pr', 'title ne null'],
  },
  '95: times, not texts': {
    yes: [
      'meta.created eq "2026-01-02T04:04:05+01:00"',
      'meta.created lt "2026-01-02T03:04:05.001Z"',
      'meta.lastModified gt "2026-01-02T03:04:05.4Z"',
      'meta.lastModified le "2026-01-02T03:04:05.500Z"',
    ],
    no: ['meta.created gt "2026-01-02T03:04:05Z"', 'meta.lastModified gt "2026-01-02T04:00:00Z"'],
  },
  '102: ne holds where there is no value': {
    yes: [
      'nickName ne "x"',
      'title ne "x"',
      'name.middleName ne "x"',
      'ims.value ne "x"',
      'emails.type ne "work"',
      'phoneNumbers.value ne "+44 1"',
      'emails[type eq "other"].value ne "x"',
      'phoneNumbers[type eq "mobile"].value ne "x"',
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:costCenter ne "x"',
    ],
    no: ['userName ne "ada@example.com"', 'active ne true', 'emails[type eq "work"].value ne "ADA@example.com"'],
  },
  'nothing else holds where there is no value': {
    yes: [
      'not (nickName eq "x")',
      'nickName eq null',
      'emails[type eq "other"].value eq null',
      'not (ims.value co "")',
    ],
    no: [
      'nickName eq ""',
      'nickName co ""',
      'nickName sw ""',
      'nickName lt "zzz"',
      'nickName ge ""',
      'ims.value ew ""',
    ],
  },
  'a text that is empty is a text': {
    yes: ['title eq ""', 'title co ""', 'title lt "a"'],
    no: ['title gt ""', 'title ne ""'],
  },
  '101: booleans, also as words': {
    yes: ['active eq true', 'active eq "True"', 'active ne "false"', 'emails.primary eq true'],
    no: ['active eq false', 'active eq "False"', 'emails.primary eq false'],
  },
  '84: and, or, not': {
    yes: [
      'active eq true or userName eq "x" and userName eq "y"',
      'not (active eq false and userName pr)',
      'not (not (active eq true))',
    ],
    no: ['(active eq true or userName eq "x") and userName eq "y"', 'not (active eq true or userName eq "x")'],
  },
  'conditions of rules (DESIGN 3)': {
    yes: [
      'groups.display eq "sales emea" and urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department sw "EMEA"',
      'department sw "emea"',
      'groups[value eq "g1" and display eq "Sales EMEA"]',
    ],
    no: ['groups[value eq "g1" and display eq "Everyone"]', 'department eq "EMEA"'],
  },
}
