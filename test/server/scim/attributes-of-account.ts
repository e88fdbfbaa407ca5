/** Attributes that an account adds to its users, one of each type. */
export const ATTRIBUTES = [
  { name: 'costCode', type: 'text', description: 'Who pays' },
  { name: 'headcount', type: 'number' },
  { name: 'contractor', type: 'boolean' },
  { name: 'contractEnd', type: 'date' },
  { name: 'region', type: 'choice', choices: ['EMEA', 'North America', 'APAC'] },
] as const

/** What a directory sends for them. */
export const VALUES = {
  costCode: 'Blue 7',
  headcount: 12.5,
  contractor: true,
  contractEnd: '2027-01-31T00:00:00+01:00',
  region: 'emea',
}
