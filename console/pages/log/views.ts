import type { Permission } from '../../api/schema.js'

/** One log, looked at in three ways (PRODUCT 2.9, 3.2, 3.3): the same list and the same panel, other rows and columns. */
export interface View {
  readonly name: 'log' | 'signIns' | 'audit'
  readonly path: '/log' | '/sign-ins' | '/audit'
  readonly needs: Permission
  /** Whose events it shows where nobody asks for others. */
  readonly sources: readonly string[]
  readonly columns: readonly ColumnKey[]
  /** Columns that are shown on demand. */
  readonly more: readonly ColumnKey[]
  readonly chips: readonly Chip[]
  /** Begins of the actions that its filter offers. */
  readonly objects: readonly string[] | undefined
}

export type ColumnKey =
  | 'time'
  | 'outcome'
  | 'action'
  | 'person'
  | 'actor'
  | 'changed'
  | 'reason'
  | 'connection'
  | 'flow'
  | 'age'
  | 'duration'
  | 'status'
  | 'address'
  | 'id'

export type Chip = 'main' | 'problems' | 'changes' | 'all'

/** Outcomes behind each chip; undefined asks for every one. Reads of directories are counted and are no events. */
export const CHIPS: Readonly<Record<Chip, readonly string[] | undefined>> = {
  main: ['success', 'warning', 'failure', 'held', 'observed'],
  problems: ['failure', 'warning', 'held'],
  changes: ['success', 'warning', 'observed'],
  all: undefined,
}

export const LOG: View = {
  name: 'log',
  path: '/log',
  needs: 'logs.view',
  sources: ['scim', 'system'],
  columns: ['time', 'outcome', 'action', 'changed', 'reason', 'connection', 'duration'],
  more: ['actor', 'status', 'address', 'id'],
  chips: ['main', 'problems', 'changes', 'all'],
  objects: undefined,
}

export const SIGN_INS: View = {
  name: 'signIns',
  path: '/sign-ins',
  needs: 'logs.view',
  sources: ['sso', 'self'],
  columns: ['time', 'outcome', 'person', 'reason', 'flow', 'connection', 'age', 'address'],
  more: ['action', 'status', 'id'],
  chips: ['main', 'problems'],
  objects: ['signin', 'session', 'password', 'second_factor'],
}

export const AUDIT: View = {
  name: 'audit',
  path: '/audit',
  needs: 'logs.view',
  sources: ['admin'],
  columns: ['time', 'actor', 'action', 'changed', 'address'],
  more: ['outcome', 'connection', 'status', 'id'],
  chips: ['main', 'all'],
  objects: undefined,
}
