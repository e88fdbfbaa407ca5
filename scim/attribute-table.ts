import type { Attribute, ResourceSchema } from '../filter/attribute.js'
import { fold } from '../filter/fold.js'
import { ACCOUNT_URN } from '../filter/schemas/account-user.js'
import { VALUE_QUIRKS } from './quirks/index.js'
import type { ValueQuirk } from './quirks/quirk.js'

/** An attribute with all that reading its values needs: looked up once per schema, not per request. */
export interface Slot {
  readonly attribute: Attribute
  /** The name as errors say it: `emails.value`, `department`. */
  readonly path: string
  /** Where it stands among its siblings in a canonical document. */
  readonly position: number
  /** The limit of its text, in Unicode code points. */
  readonly maxLength: number
  /** Folded, where the value has to be one of these: of the account's own attributes alone (RFC 7643 §7 leaves it open). */
  readonly choices: ReadonlySet<string> | undefined
  readonly quirks: readonly ValueQuirk[]
  readonly parts: AttributeTable
}

/** Attributes in canonical order and by name in any letter case. */
export interface AttributeTable {
  readonly slots: readonly Slot[]
  readonly byName: ReadonlyMap<string, Slot>
}

const TEXT_LIMIT = 4_096
/** Of the account's own attributes (JM-19). */
const ACCOUNT_TEXT_LIMIT = 256

/** Limits other than TEXT_LIMIT (PRODUCT 2.2, D5); userName and e-mail are also what people are found by. */
const LIMITS: ReadonlyMap<string, number> = new Map([
  ['userName', 256],
  ['displayName', 256],
  ['externalId', 256],
  ['name.familyName', 256],
  ['name.givenName', 256],
  ['name.middleName', 256],
  ['name.honorificPrefix', 256],
  ['name.honorificSuffix', 256],
  ['emails.value', 128],
  ['manager.value', 256],
  ['x509Certificates.value', 65_536],
])

const NO_PARTS: AttributeTable = { slots: [], byName: new Map() }

/**
 * The table of a resource type. An extension is a complex attribute whose name is the URN, which is how it stands in a
 * document. `meta` and the other readOnly attributes are in it, so that they are known and can be passed over.
 */
export function attributeTable(schema: ResourceSchema): AttributeTable {
  const known = TABLES.get(schema)
  if (known) return known
  const made = tableOf(schema)
  TABLES.set(schema, made)
  return made
}

const TABLES = new WeakMap<ResourceSchema, AttributeTable>()

function tableOf({ common, core, extensions }: ResourceSchema): AttributeTable {
  const containers = extensions.map(
    ({ id, description, attributes }): Attribute => ({
      ...EXTENSION,
      name: id,
      description,
      subAttributes: attributes,
    }),
  )
  return table([...common, ...core.attributes, ...containers], '')
}

/** The slot of a name as it was sent. */
export function findSlot({ byName }: AttributeTable, name: string): Slot | undefined {
  return byName.get(name) ?? byName.get(fold(name))
}

const EXTENSION: Attribute = {
  name: '',
  type: 'complex',
  multiValued: false,
  description: '',
  required: false,
  caseExact: false,
  mutability: 'readWrite',
  returned: 'default',
  uniqueness: 'none',
}

function table(attributes: readonly Attribute[], prefix: string, isAccounts = false): AttributeTable {
  const slots = attributes.map((attribute, position): Slot => {
    const path = prefix + attribute.name
    const { name, canonicalValues, subAttributes } = attribute
    const isExtension = name.startsWith('urn:')
    return {
      attribute,
      path,
      position,
      maxLength: isAccounts ? ACCOUNT_TEXT_LIMIT : (LIMITS.get(path) ?? TEXT_LIMIT),
      choices: isAccounts && canonicalValues ? new Set(canonicalValues.map(fold)) : undefined,
      quirks: VALUE_QUIRKS.filter((quirk) => quirk.concerns(attribute)),
      parts: subAttributes ? table(subAttributes, isExtension ? '' : `${path}.`, name === ACCOUNT_URN) : NO_PARTS,
    }
  })
  const names = slots.flatMap((slot) => [
    [slot.attribute.name, slot] as const,
    [fold(slot.attribute.name), slot] as const,
  ])
  return { slots, byName: new Map(names) }
}
