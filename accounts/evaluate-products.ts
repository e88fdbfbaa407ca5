import type { EffectiveProduct, Features, Grant, Origin, ProductRef } from './evaluate-types.js'
import { ruleIdOf } from './rule-of-grant.js'

/** The product grants in force of one user. */
export interface ProductGrants {
  /** Allowing grants by product id, the strongest first. */
  readonly byProduct: ReadonlyMap<string, readonly Grant[]>
  /** Ids of products that an override withholds. */
  readonly withheld: ReadonlySet<string>
}

/**
 * Products by id, bundles unfolded (PBX-04): a product that only comes with a bundle shares the bundle's seat and shows
 * the bundle's source; one that is also granted by itself stands on its own seat. Where two bundles bring the same product
 * the stronger grant counts, which is why the products are taken in the order of `byProduct`.
 */
export function productsFrom(
  grants: ProductGrants,
  products: readonly ProductRef[],
): ReadonlyMap<string, EffectiveProduct> {
  const byId = new Map(products.map((product) => [product.id, product]))
  const effective = new Map<string, EffectiveProduct>()
  const bundles: { product: ProductRef; origin: Origin }[] = []
  for (const [id, sources] of grants.byProduct) {
    const [product, strongest] = [byId.get(id), sources[0]]
    if (!product || !strongest || grants.withheld.has(id)) continue
    const origin = originOf(strongest)
    effective.set(id, { ...origin, features: mergeFeatures(sources, product), viaBundle: null })
    if (product.includes.length > 0) bundles.push({ product, origin })
  }
  if (bundles.length === 0) return effective
  const byKey = new Map(products.map((product) => [product.key, product]))
  for (const { product: bundle, origin } of bundles)
    for (const included of includedIn(bundle, byKey, grants.withheld))
      if (!effective.has(included.id))
        effective.set(included.id, { ...origin, features: included.features, viaBundle: bundle.id })
  return effective
}

/** Everything that comes with a bundle, bundles inside it unfolded, up to what is withheld. */
function includedIn(
  bundle: ProductRef,
  byKey: ReadonlyMap<string, ProductRef>,
  withheld: ReadonlySet<string>,
): Set<ProductRef> {
  const found = new Set<ProductRef>()
  const open = [bundle]
  for (const product of open)
    for (const key of product.includes) {
      const included = byKey.get(key)
      if (!included || found.has(included) || withheld.has(included.id)) continue
      found.add(included)
      open.push(included)
    }
  return found
}

/** Where a role or product is shown to come from. */
export function originOf({ source, sourceId }: Grant): Origin {
  return { source, ruleId: ruleIdOf(source, sourceId) }
}

/** Key by key the first of `sources` that names a feature, else the product's default (DESIGN 4). */
function mergeFeatures(sources: readonly Grant[], product: ProductRef): Features {
  return Object.fromEntries([...Object.entries(product.features), ...firstMentions(sources)])
}

/** Whether the manual grants switch a feature the other way than sync does. Both lists are the strongest first. */
export function featuresContradict(manual: readonly Grant[], synced: readonly Grant[]): boolean {
  const [ours, theirs] = [firstMentions(manual), firstMentions(synced)]
  return [...ours].some(([feature, on]) => theirs.has(feature) && theirs.get(feature) !== on)
}

function firstMentions(sources: readonly Grant[]): Map<string, boolean> {
  return new Map(sources.toReversed().flatMap(({ features }) => Object.entries(features)))
}
