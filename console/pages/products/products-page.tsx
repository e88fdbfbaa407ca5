import { Anchor, Button, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useList } from '../../api/queries.js'
import type { Product } from '../../api/schema.js'
import { useMay } from '../../api/session.js'
import { Empty } from '../../parts/empty.js'
import { type Column, ListTable } from '../../parts/list-table.js'
import { Page } from '../../parts/page.js'
import { ProductForm } from './product-form.js'

/** Products and seats (PRODUCT 2.5, 6.2 "Licenses"). */
export function ProductsPage() {
  const { t } = useTranslation('products')
  const may = useMay()
  const list = useList('GET /accounts/{accountId}/products')
  const [editing, setEditing] = useState<Product | 'new'>()
  const add = may('licenses.manage') ? (
    <Button leftSection={<Plus size={16} aria-hidden />} onClick={() => setEditing('new')}>
      {t('add')}
    </Button>
  ) : undefined
  return (
    <Page title={t('title')} lead={t('lead')} actions={add}>
      <ListTable
        caption={t('title')}
        list={list}
        keyOf={({ id }) => id}
        columns={useColumns(may('licenses.manage') ? setEditing : undefined)}
        empty={<Empty title={t('empty.title')}>{t('empty.text')}</Empty>}
      />
      {editing === undefined ? null : (
        <ProductForm
          key={editing === 'new' ? 'new' : editing.id}
          product={editing === 'new' ? undefined : editing}
          onClose={() => setEditing(undefined)}
        />
      )}
    </Page>
  )
}

function useColumns(edit: ((product: Product) => void) | undefined): Column<Product>[] {
  const { t } = useTranslation('products')
  const columns: Column<Product>[] = [
    {
      key: 'name',
      title: t('name'),
      minWidth: '9rem',
      cell: ({ name, key }) => (
        <>
          <Text fw={550}>{name}</Text>
          <Text size="sm" c="var(--quiet)" className="mono">
            {key}
          </Text>
        </>
      ),
    },
    { key: 'seats', title: t('seats'), cell: ({ seats }) => <span className="number">{seats}</span> },
    { key: 'assigned', title: t('assigned'), cell: ({ assigned }) => <span className="number">{assigned}</span> },
    { key: 'reserved', title: t('reserved'), cell: ({ reserved }) => <span className="number">{reserved}</span> },
    {
      key: 'waiting',
      title: t('waiting'),
      cell: ({ id, waiting }) =>
        waiting === 0 ? (
          <span className="number">0</span>
        ) : (
          <Anchor
            component={Link}
            to={`/products/${id}/waiting`}
            className="number"
            c="var(--warn)"
            fw={600}
            px={8}
            mx={-8}
            py={2}
          >
            <span aria-hidden>{waiting}</span>
            <span className="unseen">{t('queue.waiting', { count: waiting })}</span>
          </Anchor>
        ),
    },
    { key: 'policy', title: t('policy'), cell: ({ policy }) => t(`policies.${policy}`) },
  ]
  if (edit === undefined) return columns
  return [
    ...columns,
    {
      key: 'edit',
      title: t('change'),
      cell: (product) => (
        <Button
          variant="default"
          size="compact-sm"
          onClick={() => edit(product)}
          aria-label={t('changeOf', { name: product.name })}
        >
          {t('change')}
        </Button>
      ),
    },
  ]
}
