import type { Document, Json } from '../filter/attribute.js'
import { fold } from '../filter/fold.js'
import type { DesiredGrant, EvaluationWarning, ProductRef, RoleRef } from './evaluate-types.js'
import { compareRoles, SUPER_ADMIN } from './roles.js'

/** What roles and products are named by. */
interface Entry {
  readonly id: string
  readonly key: string
  readonly name: string
}

/**
 * Finds a role or product by the text a directory sent: by id, as Okta assigns what it discovered (SCIM.md 1.2), else by
 * key, then by name, without case (PRODUCT 2.8, step 3).
 */
export class Catalogue<T extends Entry> {
  readonly keys: readonly string[]
  private readonly byId: ReadonlyMap<string, T>
  private readonly byKey = new Map<string, T>()
  private readonly byName = new Map<string, T>()

  /** Where two entries share a key or a name, the first one is found. */
  constructor(entries: readonly T[]) {
    this.keys = entries.map((entry) => entry.key)
    this.byId = new Map(entries.map((entry) => [entry.id, entry]))
    for (const entry of entries) {
      if (!this.byKey.has(fold(entry.key))) this.byKey.set(fold(entry.key), entry)
      if (!this.byName.has(fold(entry.name))) this.byName.set(fold(entry.name), entry)
    }
  }

  findByText(text: string): T | undefined {
    const folded = fold(text)
    return this.byId.get(text) ?? this.byKey.get(folded) ?? this.byName.get(folded)
  }
}

/** One element of `roles` or `entitlements`. `found` is what it names, `text` how it named it. */
interface Named<T> {
  readonly text: string
  readonly primary: boolean
  readonly found: T | undefined
}

/** What each element names: its `value` counts before its `display`; an element with neither names nothing. */
function namedBy<T extends Entry>(elements: Json | undefined, catalogue: Catalogue<T>): Named<T>[] {
  if (!Array.isArray(elements)) return []
  return elements.flatMap((element) => {
    if (typeof element !== 'object' || element === null || Array.isArray(element)) return []
    const texts = [element.value, element.display].filter((text) => typeof text === 'string' && text !== '') as string[]
    const text = texts.find((candidate) => catalogue.findByText(candidate)) ?? texts[0]
    return text === undefined ? [] : [{ text, primary: element.primary === true, found: catalogue.findByText(text) }]
  })
}

/**
 * The role that the document's own `roles` give where the connection accepts them: an element with `primary` true if it
 * names a grantable role, else the highest one named; never the last, for Entra only ever adds (SCIM.md trap 14).
 * `grantable` says whether a role may come from the directory.
 */
export function directRole(
  document: Document,
  roles: Catalogue<RoleRef>,
  grantable: (role: RoleRef) => boolean,
  warnings: EvaluationWarning[],
): DesiredGrant | undefined {
  const candidates: { text: string; primary: boolean; role: RoleRef }[] = []
  for (const { text, primary, found } of distinct(namedBy(document.roles, roles))) {
    if (!found) warnings.push({ code: 'unknown_role', value: text, known: roles.keys, ruleId: null })
    else if (!grantable(found)) warnings.push({ code: 'role_not_grantable', value: text, ruleId: null })
    else candidates.push({ text, primary, role: found })
  }
  const winner = candidates.sort(
    (a, b) => Number(b.primary) - Number(a.primary) || compareRoles(a.role, b.role) || compareText(a.text, b.text),
  )[0]
  return winner && { kind: 'role', value: winner.role.id, source: 'attribute', sourceId: winner.text, features: {} }
}

/** The products that the document's own `entitlements` give where the connection accepts them, each once. */
export function directProducts(
  document: Document,
  products: Catalogue<ProductRef>,
  warnings: EvaluationWarning[],
): DesiredGrant[] {
  const grants = new Map<string, DesiredGrant>()
  const named = distinct(namedBy(document.entitlements, products)).sort((a, b) => compareText(a.text, b.text))
  for (const { text, found } of named) {
    if (!found) warnings.push({ code: 'unknown_entitlement', value: text, known: products.keys, ruleId: null })
    else if (!grants.has(found.id))
      grants.set(found.id, { kind: 'product', value: found.id, source: 'attribute', sourceId: text, features: {} })
  }
  return [...grants.values()]
}

/** The entitlements of a document that name no product; where they are accepted the write is 400 `unknown_entitlement`. */
export function unknownEntitlements(document: Document, products: readonly ProductRef[]): string[] {
  const named = namedBy(document.entitlements, new Catalogue(products))
  return distinct(named).flatMap(({ text, found }) => (found ? [] : [text]))
}

/** Whether the directory may give this role: `super_admin` only with the account's switch (PRODUCT 2.6). */
export function grantableByDirectory(directoryMayGrantSuperAdmin: boolean): (role: Pick<RoleRef, 'key'>) => boolean {
  return (role) => role.key !== SUPER_ADMIN || directoryMayGrantSuperAdmin
}

/** Each text once, primary if one of its elements is. */
function distinct<T>(named: readonly Named<T>[]): Named<T>[] {
  const byText = new Map<string, Named<T>>()
  for (const one of named) if (one.primary || !byText.has(one.text)) byText.set(one.text, one)
  return [...byText.values()]
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
