import fc from 'fast-check'

/** What a directory may send; `who` and `which` are taken modulo those that exist. */
export type Operation =
  | { readonly kind: 'create'; readonly body: UserBody }
  | { readonly kind: 'put'; readonly who: number; readonly body: UserBody }
  | {
      readonly kind: 'patch'
      readonly who: number
      readonly changes: readonly Change[]
      /** How old the version in If-Match is, in writes that were seen; undefined for none. */
      readonly ifMatch?: 'current' | 'first' | undefined
    }
  | { readonly kind: 'delete'; readonly who: number }
  | { readonly kind: 'read'; readonly who: number }
  | { readonly kind: 'find'; readonly filter: Filter }
  | { readonly kind: 'createGroup'; readonly name: string; readonly members: readonly number[] }
  | { readonly kind: 'putGroup'; readonly which: number; readonly name: string; readonly members: readonly number[] }
  | { readonly kind: 'rename'; readonly which: number; readonly name: string }
  | {
      readonly kind: 'members'
      readonly which: number
      readonly op: 'add' | 'remove' | 'replace'
      readonly members: readonly number[]
    }
  | { readonly kind: 'deleteGroup'; readonly which: number }
  | { readonly kind: 'readGroup'; readonly which: number }

export interface UserBody {
  readonly userName: string
  readonly externalId?: string | undefined
  readonly title?: string | undefined
  readonly nickName?: string | undefined
  readonly active?: boolean | undefined
  readonly phoneNumbers?: readonly Phone[] | undefined
}

export interface Phone {
  readonly value: string
  readonly type: string
}

export type Change =
  | { readonly op: 'add' | 'replace'; readonly path: 'title' | 'nickName'; readonly value: string }
  | { readonly op: 'remove'; readonly path: 'title' | 'nickName' }
  | { readonly op: 'replace'; readonly path: 'active'; readonly value: boolean }
  | { readonly op: 'replace'; readonly path: 'userName'; readonly value: string }
  | { readonly op: 'add'; readonly path: 'phoneNumbers'; readonly value: Phone }
  | { readonly op: 'replace'; readonly path: 'phoneNumbers'; readonly value: readonly Phone[] }
  | { readonly op: 'remove'; readonly path: 'phoneNumbers'; readonly type: string }
  | { readonly op: 'bad' }

export interface Filter {
  readonly attribute: 'userName' | 'title' | 'nickName' | 'active' | 'phoneNumbers.value' | 'groups.display'
  readonly value: string | boolean
}

/** Few names, so that they collide; some differ in their letter case alone. */
const USER_NAMES = ['ann', 'Ann', 'bob', 'eve', 'dan', 'EVE', 'kim']
const GROUP_NAMES = ['Sales', 'sales', 'Ops', 'Tech']
const TITLES = ['Boss', 'boss', 'Clerk']

const userName = fc.constantFrom(...USER_NAMES)
const title = fc.constantFrom(...TITLES)
const phone = fc.record(
  { value: fc.constantFrom('1', '2', '3'), type: fc.constantFrom('work', 'home') },
  { noNullPrototype: true },
)
const phones = fc.uniqueArray(phone, { maxLength: 3, selector: ({ value, type }) => `${value} ${type}` })
const index = fc.nat(20)
const members = fc.uniqueArray(index, { maxLength: 4 })
const groupName = fc.constantFrom(...GROUP_NAMES)

const body: fc.Arbitrary<UserBody> = fc.record(
  {
    userName,
    externalId: fc.constantFrom('x1', 'x2', 'X1'),
    title,
    nickName: title,
    active: fc.boolean(),
    phoneNumbers: phones,
  },
  { requiredKeys: ['userName'] },
)

const textPath = fc.constantFrom('title' as const, 'nickName' as const)
const change: fc.Arbitrary<Change> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ op: fc.constantFrom('add' as const, 'replace' as const), path: textPath, value: title }),
  },
  { weight: 2, arbitrary: fc.record({ op: fc.constant('remove' as const), path: textPath }) },
  {
    weight: 2,
    arbitrary: fc.record({
      op: fc.constant('replace' as const),
      path: fc.constant('active' as const),
      value: fc.boolean(),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      op: fc.constant('replace' as const),
      path: fc.constant('userName' as const),
      value: userName,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ op: fc.constant('add' as const), path: fc.constant('phoneNumbers' as const), value: phone }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      op: fc.constant('replace' as const),
      path: fc.constant('phoneNumbers' as const),
      value: phones,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      op: fc.constant('remove' as const),
      path: fc.constant('phoneNumbers' as const),
      type: fc.constantFrom('work', 'home'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('bad' as const) }) },
)

const filter: fc.Arbitrary<Filter> = fc.oneof(
  fc.record({ attribute: fc.constant('userName' as const), value: userName }),
  fc.record({ attribute: fc.constantFrom('title' as const, 'nickName' as const), value: title }),
  fc.record({ attribute: fc.constant('active' as const), value: fc.boolean() }),
  fc.record({ attribute: fc.constant('phoneNumbers.value' as const), value: fc.constantFrom('1', '2', '3') }),
  fc.record({ attribute: fc.constant('groups.display' as const), value: groupName }),
)

const weighted = <T extends Operation>(weight: number, arbitrary: fc.Arbitrary<T>) => ({ weight, arbitrary })

export const operation: fc.Arbitrary<Operation> = fc.oneof(
  weighted(5, fc.record({ kind: fc.constant('create' as const), body })),
  weighted(2, fc.record({ kind: fc.constant('put' as const), who: index, body })),
  weighted(
    6,
    fc.record(
      {
        kind: fc.constant('patch' as const),
        who: index,
        changes: fc.array(change, { minLength: 1, maxLength: 3 }),
        ifMatch: fc.constantFrom('current' as const, 'first' as const, undefined, undefined),
      },
      { requiredKeys: ['kind', 'who', 'changes'] },
    ),
  ),
  weighted(2, fc.record({ kind: fc.constant('delete' as const), who: index })),
  weighted(2, fc.record({ kind: fc.constant('read' as const), who: index })),
  weighted(2, fc.record({ kind: fc.constant('find' as const), filter })),
  weighted(3, fc.record({ kind: fc.constant('createGroup' as const), name: groupName, members })),
  weighted(1, fc.record({ kind: fc.constant('putGroup' as const), which: index, name: groupName, members })),
  weighted(1, fc.record({ kind: fc.constant('rename' as const), which: index, name: groupName })),
  weighted(
    5,
    fc.record({
      kind: fc.constant('members' as const),
      which: index,
      op: fc.constantFrom('add' as const, 'remove' as const, 'replace' as const),
      members,
    }),
  ),
  weighted(1, fc.record({ kind: fc.constant('deleteGroup' as const), which: index })),
  weighted(2, fc.record({ kind: fc.constant('readGroup' as const), which: index })),
)

/** Without versions, which a concurrent write may move. */
export const write: fc.Arbitrary<Operation> = operation
  .filter(({ kind }) => kind !== 'read' && kind !== 'find' && kind !== 'readGroup')
  .map((one) => (one.kind === 'patch' ? { ...one, ifMatch: undefined } : one))
