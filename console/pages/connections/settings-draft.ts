import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { call } from '../../api/client.js'
import { useSaveOver } from '../../api/save-over.js'
import type { Connection, Effects } from '../../api/schema.js'
import { useSession } from '../../api/session.js'
import { announce } from '../../parts/announce.js'
import type { Difference } from '../../parts/conflict.js'

const PLAIN = [
  'name',
  'acceptDirectRoles',
  'acceptDirectEntitlements',
  'onNoSeat',
  'linkPolicy',
  'accessTokenSeconds',
] as const

/** The settings of a connection as its form holds them. */
export interface Draft extends Pick<Connection, (typeof PLAIN)[number]> {
  /** Key, or empty for none. */
  readonly role: string
  readonly products: NonNullable<Effects['products']>
}

export function draftOf(connection: Connection): Draft {
  const { name, acceptDirectRoles, acceptDirectEntitlements, onNoSeat, linkPolicy, accessTokenSeconds } = connection
  const { role = '', products = [] } = connection.defaults
  return {
    ...{ name, acceptDirectRoles, acceptDirectEntitlements, onNoSeat, linkPolicy, accessTokenSeconds },
    ...{ role, products },
  }
}

export function productsOf({ products }: Draft): string[] {
  return products.map(({ key }) => key)
}

/** What is sent: the defaults whole, with effects that this form does not know as they were. */
function bodyOf({ role, products, ...plain }: Draft, { defaults, version }: Connection) {
  const { role: _role, products: _products, ...others } = defaults
  const given = { ...others, ...(role === '' ? {} : { role }), ...(products.length === 0 ? {} : { products }) }
  return { ...plain, defaults: given as Effects, version }
}

const LABELS = {
  name: 'name',
  role: 'settings.role',
  products: 'settings.products',
  acceptDirectRoles: 'settings.acceptDirectRoles',
  acceptDirectEntitlements: 'settings.acceptDirectEntitlements',
  onNoSeat: 'settings.onNoSeat',
  linkPolicy: 'settings.linkPolicy',
  accessTokenSeconds: 'settings.accessTokenSeconds',
} as const satisfies Record<keyof Draft, string>

export function differencesOf(theirs: Connection, mine: Draft, t: TFunction): Difference[] {
  const [stored, typed] = [shown(draftOf(theirs), t), shown(mine, t)]
  return (Object.keys(LABELS) as (keyof Draft)[])
    .map((name) => ({ field: t(LABELS[name]), theirs: stored[name], yours: typed[name] }))
    .filter((one) => one.theirs !== one.yours)
}

function shown(draft: Draft, t: TFunction): Record<keyof Draft, string> {
  const yesOrNo = (is: boolean) => t(is ? 'shell:yes' : 'shell:no')
  const { name, role, accessTokenSeconds, onNoSeat, linkPolicy } = draft
  return {
    name,
    role: role === '' ? t('settings.noRole') : role,
    products: productsOf(draft).join(', ') || t('shell:none'),
    acceptDirectRoles: yesOrNo(draft.acceptDirectRoles),
    acceptDirectEntitlements: yesOrNo(draft.acceptDirectEntitlements),
    onNoSeat: t(`settings.onNoSeatOf.${onNoSeat}`),
    linkPolicy: t(`settings.linkPolicyOf.${linkPolicy}`),
    accessTokenSeconds: String(accessTokenSeconds),
  }
}

const ONE = '/accounts/{accountId}/connections/{connectionId}'

export function useSaving(connection: Connection, setDraft: (draft: Draft) => void) {
  const { t } = useTranslation(['connections', 'shell'])
  const { account } = useSession()
  const params = { connectionId: connection.id }
  return useSaveOver({
    read: connection,
    write: (draft: Draft, over) => call(account.id, `PATCH ${ONE}`, { params, body: bodyOf(draft, over) }),
    makesStale: [`GET ${ONE}`, 'GET /accounts/{accountId}/connections'],
    lookAgain: () => call(account.id, `GET ${ONE}`, { params }),
    onSaved: (saved, goOnFrom) => {
      goOnFrom(saved)
      setDraft(draftOf(saved))
      announce(t('shell:saved'))
    },
    onTake: (theirs) => setDraft(draftOf(theirs)),
  })
}
