import { NativeSelect, SimpleGrid, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRead } from '../../api/queries.js'
import { useMay } from '../../api/session.js'
import { useAddress } from '../../api/use-search.js'
import { actionsByObject } from './actions.js'
import type { PlainFilter } from './filters.js'
import { type Names, namedRule } from './use-names.js'
import type { View } from './views.js'

const OUTCOMES = ['success', 'warning', 'no_change', 'failure', 'held', 'observed'] as const
const SOURCES = ['scim', 'sso', 'admin', 'self', 'system'] as const
const TYPING_MS = 400

/** The filters that are needed less often (PRODUCT 3.2). */
export function MoreFilters({ view, names }: { readonly view: View; readonly names: Names }) {
  const { t, i18n } = useTranslation(['log', 'shell', 'events', 'actions'])
  const [search] = useAddress()
  const texts = i18n.getResourceBundle(i18n.language, 'actions') as Parameters<typeof actionsByObject>[0]
  const actions = actionsByObject(texts, view).map(([object, items]) => ({
    group: t(`events:object.${object}`),
    items,
  }))
  return (
    <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="sm" mt="sm">
      <Choice name="outcome" options={OUTCOMES.map((value) => ({ value, label: t(`shell:outcome.${value}`) }))} />
      <Choice name="action" options={actions} />
      <Typed name="code" pattern={/^[a-z0-9_]{1,64}$/} />
      <Typed name="httpStatus" pattern={/^[1-5]\d\d$/} />
      <OfConnection connectionId={search.connectionId} names={names} />
      <Choice
        name="source"
        none={t(view.name === 'log' ? 'directories' : `${view.name}.title`)}
        options={[
          { value: 'any', label: t('anySource') },
          ...SOURCES.map((value) => ({ value, label: t(`events:source.${value}`) })),
        ]}
      />
    </SimpleGrid>
  )
}

type Option = { readonly value: string; readonly label: string }

interface ChoiceProps {
  readonly name: PlainFilter
  readonly options: readonly (Option | { readonly group: string; readonly items: readonly Option[] })[]
  /** The words for "no matter which". */
  readonly none?: string
  readonly disabled?: boolean
}

function Choice({ name, options, none, disabled = false }: ChoiceProps) {
  const { t } = useTranslation('log')
  const [search, change] = useAddress()
  const value = search[name] ?? ''
  const known = options.some((one) => ('group' in one ? one.items : [one]).some((option) => option.value === value))
  return (
    <NativeSelect
      label={t(`filter.${name}`)}
      size="sm"
      disabled={disabled}
      value={value}
      data={[
        { value: '', label: none ?? t('any') },
        // What an address names and no list has stays as it is.
        ...(known || value === '' ? [] : [{ value, label: value }]),
        ...options.map((one) => ('group' in one ? { group: one.group, items: [...one.items] } : one)),
      ]}
      onChange={(event) => change({ [name]: event.currentTarget.value || undefined })}
    />
  )
}

function Typed({ name, pattern }: { readonly name: PlainFilter; readonly pattern: RegExp }) {
  const { t } = useTranslation('log')
  const [search, change] = useAddress()
  const [text, setText] = useState(search[name] ?? '')
  const asked = search[name] ?? ''
  useEffect(() => setText(asked), [asked])
  const ask = useDebouncedCallback((words: string) => {
    if (words === '' || pattern.test(words)) change({ [name]: words || undefined })
  }, TYPING_MS)
  return (
    <TextInput
      label={t(`filter.${name}`)}
      size="sm"
      value={text}
      autoComplete="off"
      autoCapitalize="none"
      onChange={(event) => {
        const words = event.currentTarget.value.trim().toLowerCase()
        setText(words)
        ask(words)
      }}
    />
  )
}

/** What belongs to one connection: its rules, groups and tokens. */
function OfConnection({
  connectionId = '',
  names,
}: {
  readonly connectionId: string | undefined
  readonly names: Names
}) {
  const { t } = useTranslation('log')
  const may = useMay()
  const known = names.connections.some(({ id }) => id === connectionId) && may('connections.view')
  const input = { params: { connectionId } }
  const rules = useRead('GET /accounts/{accountId}/connections/{connectionId}/rules', input, { enabled: known })
  const tokens = useRead('GET /accounts/{accountId}/connections/{connectionId}/tokens', input, { enabled: known })
  const groups = useRead('GET /accounts/{accountId}/connections/{connectionId}/groups', input, { enabled: known })
  const of = <Item,>(list: { items: Item[] } | undefined, optionOf: (item: Item) => Option): Option[] =>
    known ? (list?.items ?? []).map(optionOf) : []
  const shared = { disabled: !known, ...(known ? {} : { none: t('chooseConnection') }) }
  return (
    <>
      <Choice
        name="ruleId"
        {...shared}
        options={of(rules.data, (rule) => ({ value: rule.id, label: namedRule(rule, connectionId).name }))}
      />
      <Choice
        name="groupId"
        {...shared}
        options={of(groups.data, ({ id, displayName }) => ({ value: id, label: displayName }))}
      />
      <Choice
        name="tokenId"
        {...shared}
        options={of(tokens.data, ({ id, last4 }) => ({ value: id, label: `····${last4}` }))}
      />
    </>
  )
}
