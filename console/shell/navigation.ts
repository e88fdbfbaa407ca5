import { Armchair, ListOrdered, type LucideIcon } from 'lucide-react'
import type { Permission } from '../api/schema.js'

export interface Place {
  readonly to: string
  /** Key in texts/…/shell.json below `nav`. */
  readonly text: string
  readonly icon: LucideIcon
  /** Who may not is not shown it. */
  readonly needs?: Permission
}

/** The way through the console, in groups (PRODUCT 6.1). The key of a group is its text below `nav.group`. */
export const NAVIGATION: readonly (readonly [group: string, places: readonly Place[]])[] = [
  ['directory', [{ to: '/rules', text: 'rules', icon: ListOrdered, needs: 'connections.view' }]],
  ['licenses', [{ to: '/products', text: 'products', icon: Armchair, needs: 'licenses.view' }]],
]
