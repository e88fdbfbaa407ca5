import {
  Autocomplete,
  Button,
  CloseButton,
  Group,
  SegmentedControl,
  Select,
  Stack,
  Text,
  TextInput,
} from '@mantine/core'
import { Plus } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConditionAttribute } from './attributes.js'
import { type Built, type Clause, NEW_CLAUSE, needsValue, type Operator, operatorsFor } from './condition.js'
import { useAttributes } from './use-attributes.js'
import { useGroupNames } from './use-group-names.js'

interface ConditionRowsProps {
  readonly connectionId: string
  readonly built: Built
  readonly checked: boolean
  readonly onChange: (built: Built) => void
}

/** Questions, one below the other: attribute, operator, value; all of them or any of them has to hold. */
export function ConditionRows({ connectionId, built, checked, onChange }: ConditionRowsProps) {
  const { t } = useTranslation('rules')
  const { clauses, join } = built
  const added = useRef(false)
  const last = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (added.current) last.current?.querySelector('input')?.focus()
    added.current = false
  })
  const add = () => {
    added.current = true
    onChange({ ...built, clauses: [...clauses, NEW_CLAUSE] })
  }
  return (
    <Stack gap="sm">
      {clauses.length === 0 ? <Text fw={550}>{t('everyone')}</Text> : null}
      {clauses.length < 2 ? null : (
        <SegmentedControl
          size="xs"
          w="fit-content"
          aria-label={t('joinLabel')}
          value={join}
          onChange={(word) => onChange({ ...built, join: word as Built['join'] })}
          data={[
            { value: 'and', label: t('join.and') },
            { value: 'or', label: t('join.or') },
          ]}
        />
      )}
      {clauses.map((clause, index) => (
        <ClauseRow
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is what stands in this place
          key={index}
          ref={index === clauses.length - 1 ? last : undefined}
          number={index + 1}
          connectionId={connectionId}
          clause={clause}
          checked={checked}
          onChange={(next) => onChange({ ...built, clauses: clauses.with(index, next) })}
          onRemove={() => onChange({ ...built, clauses: clauses.toSpliced(index, 1) })}
        />
      ))}
      <Button
        variant="default"
        size="compact-sm"
        w="fit-content"
        leftSection={<Plus size={14} aria-hidden />}
        onClick={add}
      >
        {t(clauses.length === 0 ? 'addFirst' : 'addClause')}
      </Button>
    </Stack>
  )
}

interface ClauseRowProps {
  readonly ref: React.Ref<HTMLDivElement> | undefined
  readonly number: number
  readonly connectionId: string
  readonly clause: Clause
  readonly checked: boolean
  readonly onChange: (clause: Clause) => void
  readonly onRemove: () => void
}

function ClauseRow({ ref, number, connectionId, clause, checked, onChange, onRemove }: ClauseRowProps) {
  const { t } = useTranslation('rules')
  const { find } = useAttributes()
  const attribute = find(clause.path)
  const choose = (path: string) => {
    const next = find(path)
    const fits = operatorsFor(next).includes(clause.operator)
    const value = next?.type === 'boolean' ? true : typeof clause.value === 'boolean' ? '' : clause.value
    onChange({ path, operator: fits ? clause.operator : 'eq', value })
  }
  return (
    <Group ref={ref} role="group" aria-label={t('clauseLabel', { number })} gap="xs" align="flex-start">
      <AttributeSelect path={clause.path} onChange={choose} />
      <Select
        aria-label={t('operator')}
        w={{ base: '100%', xs: '11rem' }}
        allowDeselect={false}
        value={clause.operator}
        data={operatorsFor(attribute).map((operator) => ({ value: operator, label: t(`operatorOf.${operator}`) }))}
        onChange={(operator) => onChange({ ...clause, operator: (operator ?? 'eq') as Operator })}
      />
      {needsValue(clause.operator) ? (
        <ValueField
          connectionId={connectionId}
          attribute={attribute}
          value={clause.value}
          error={checked && clause.value === '' ? t('valueMissing') : undefined}
          onChange={(value) => onChange({ ...clause, value })}
        />
      ) : null}
      <CloseButton size={36} aria-label={t('removeClause', { number })} onClick={onRemove} />
    </Group>
  )
}

const GROUPS = ['often', 'person', 'work', 'own'] as const

/** Attributes by their names; one that only the filter named stays what it is. */
function AttributeSelect({ path, onChange }: { readonly path: string; readonly onChange: (path: string) => void }) {
  const { t } = useTranslation('rules')
  const { attributes, find } = useAttributes()
  const known = GROUPS.map((group) => ({
    group: t(`attributeGroup.${group}`),
    items: attributes
      .filter((one) => one.group === group)
      .map((one) => ({ value: one.path, label: group === 'own' ? one.name : t(`attribute.${one.name}`) })),
  })).filter(({ items }) => items.length > 0)
  const other =
    find(path) === undefined ? [{ group: t('attributeGroup.other'), items: [{ value: path, label: path }] }] : []
  return (
    <Select
      aria-label={t('attributeLabel')}
      w={{ base: '100%', xs: '14rem' }}
      searchable
      allowDeselect={false}
      nothingFoundMessage={t('noAttribute')}
      value={path}
      data={[...known, ...other]}
      onChange={(next) => next !== null && onChange(next)}
    />
  )
}

interface ValueFieldProps {
  readonly connectionId: string
  readonly attribute: ConditionAttribute | undefined
  readonly value: string | boolean
  readonly error: string | undefined
  readonly onChange: (value: string | boolean) => void
}

function ValueField({ connectionId, attribute, value, error, onChange }: ValueFieldProps) {
  const { t } = useTranslation('rules')
  const shared = { 'aria-label': t('value'), error, style: { flex: '1 1 12rem' } }
  if (typeof value === 'boolean')
    return (
      <Select
        {...shared}
        allowDeselect={false}
        value={String(value)}
        data={[
          { value: 'true', label: t('shell:yes') },
          { value: 'false', label: t('shell:no') },
        ]}
        onChange={(word) => onChange(word === 'true')}
      />
    )
  if (attribute?.choices !== undefined)
    return (
      <Select
        {...shared}
        value={value === '' ? null : value}
        data={[...new Set([...attribute.choices, ...(value === '' ? [] : [value])])]}
        allowDeselect={false}
        onChange={(choice) => onChange(choice ?? '')}
      />
    )
  if (attribute?.type === 'group')
    return <GroupValue connectionId={connectionId} value={value} {...shared} onChange={onChange} />
  return <TextInput {...shared} value={value} onChange={(event) => onChange(event.currentTarget.value)} />
}

interface GroupValueProps {
  readonly connectionId: string
  readonly value: string
  readonly error: string | undefined
  readonly onChange: (value: string) => void
}

/** A group by its name: those that the directory sent are proposed, and one that is still to come may be typed. */
function GroupValue({ connectionId, value, onChange, ...shared }: GroupValueProps) {
  const names = useGroupNames(connectionId, value)
  return <Autocomplete {...shared} value={value} data={[...names]} onChange={onChange} limit={20} />
}
