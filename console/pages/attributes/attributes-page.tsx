import { Button, Text } from '@mantine/core'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useList, useWrite } from '../../api/queries.js'
import type { Attribute } from '../../api/schema.js'
import { useMay } from '../../api/session.js'
import { announce } from '../../parts/announce.js'
import { Confirm } from '../../parts/confirm.js'
import { CopyButton } from '../../parts/copy.js'
import { Empty } from '../../parts/empty.js'
import { type Column, ListTable } from '../../parts/list-table.js'
import { Page } from '../../parts/page.js'
import { AttributeForm } from './attribute-form.js'

const LIST = 'GET /accounts/{accountId}/attributes'
/** So many an account may add (PRODUCT JM-19). */
const MOST = 20

/** Attributes that the account adds to its users (PRODUCT JM-19). */
export function AttributesPage() {
  const { t } = useTranslation('attributes')
  const may = useMay()('settings.manage')
  const list = useList(LIST)
  const [editing, setEditing] = useState<Attribute | 'new'>()
  const [removing, setRemoving] = useState<Attribute>()
  const remove = useWrite('DELETE /accounts/{accountId}/attributes/{attributeId}', [LIST])
  const isFull = (list.rows?.length ?? 0) >= MOST
  const add = may ? (
    <Button leftSection={<Plus size={16} aria-hidden />} disabled={isFull} onClick={() => setEditing('new')}>
      {t('add')}
    </Button>
  ) : undefined
  return (
    <Page title={t('title')} lead={t('lead')} actions={add}>
      {isFull ? <Text size="sm">{t('full', { most: MOST })}</Text> : null}
      <ListTable
        caption={t('title')}
        list={list}
        keyOf={({ id }) => id}
        columns={useColumns(may ? { edit: setEditing, remove: setRemoving } : undefined)}
        empty={<Empty title={t('empty.title')}>{t('empty.text')}</Empty>}
      />
      {editing === undefined ? null : (
        <AttributeForm
          key={editing === 'new' ? 'new' : editing.id}
          attribute={editing === 'new' ? undefined : editing}
          onClose={() => setEditing(undefined)}
        />
      )}
      {removing === undefined ? null : (
        <Confirm
          opened
          onClose={() => setRemoving(undefined)}
          title={t('removeOf', { name: removing.name })}
          action={t('remove')}
          typed={removing.name}
          onConfirm={async () => {
            await remove.mutateAsync({ params: { attributeId: removing.id } })
            announce(t('removed'))
          }}
        >
          <Text size="sm">{t('removeText')}</Text>
        </Confirm>
      )}
    </Page>
  )
}

interface Acts {
  readonly edit: (attribute: Attribute) => void
  readonly remove: (attribute: Attribute) => void
}

function useColumns(acts: Acts | undefined): Column<Attribute>[] {
  const { t } = useTranslation('attributes')
  const columns: Column<Attribute>[] = [
    {
      key: 'name',
      title: t('name'),
      minWidth: '9rem',
      cell: ({ name, description }) => (
        <>
          <Text fw={550}>{name}</Text>
          {description === '' ? null : (
            <Text size="sm" c="var(--quiet)">
              <bdi>{description}</bdi>
            </Text>
          )}
        </>
      ),
    },
    {
      key: 'type',
      title: t('type'),
      minWidth: '8rem',
      cell: ({ type, choices }) => (
        <>
          {t(`types.${type}`)}
          {choices === null ? null : (
            <Text size="sm" c="var(--quiet)">
              <bdi>{choices.join(', ')}</bdi>
            </Text>
          )}
        </>
      ),
    },
    {
      key: 'path',
      title: t('path'),
      minWidth: '16rem',
      cell: ({ path }) => (
        <span style={{ display: 'inline-flex', gap: 4, alignItems: 'center' }}>
          <code className="mono">{path}</code>
          <CopyButton value={path} what={t('path')} />
        </span>
      ),
    },
  ]
  if (acts === undefined) return columns
  return [
    ...columns,
    {
      key: 'acts',
      title: t('change'),
      minWidth: '11rem',
      cell: (attribute) => (
        <span style={{ display: 'inline-flex', gap: 6 }}>
          <Button
            variant="default"
            size="compact-sm"
            aria-label={t('changeOf', { name: attribute.name })}
            onClick={() => acts.edit(attribute)}
          >
            {t('change')}
          </Button>
          <Button
            variant="default"
            size="compact-sm"
            c="var(--bad)"
            aria-label={t('removeOf', { name: attribute.name })}
            onClick={() => acts.remove(attribute)}
          >
            {t('remove')}
          </Button>
        </span>
      ),
    },
  ]
}
