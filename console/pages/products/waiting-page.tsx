import { Anchor, Text } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useCatalogue, useRules } from '../../api/catalogue.js'
import { useList, useRead } from '../../api/queries.js'
import type { Product, WaitingPerson } from '../../api/schema.js'
import { Empty } from '../../parts/empty.js'
import { type Column, ListTable } from '../../parts/list-table.js'
import { Name } from '../../parts/long-text.js'
import { Needs } from '../../parts/needs.js'
import { Page } from '../../parts/page.js'
import { TextLink } from '../../parts/text-link.js'
import { When } from '../../parts/when.js'
import { SourceNote } from '../user/source-note.js'

/** Who waits for a seat of a product, in the order in which seats are handed out (PRODUCT 2.5). */
export function WaitingPage() {
  const { t } = useTranslation('products')
  return (
    <Needs permission="licenses.view" title={t('queue.title')}>
      <Waiting />
    </Needs>
  )
}

function Waiting() {
  const { t } = useTranslation('products')
  const { productId = '' } = useParams({ strict: false })
  const params = { productId }
  const { data: product } = useRead('GET /accounts/{accountId}/products/{productId}', { params })
  const list = useList('GET /accounts/{accountId}/products/{productId}/waiting', { params })
  return (
    <Page
      title={product === undefined ? t('queue.title') : t('queue.titleOf', { product: product.name })}
      lead={product === undefined ? undefined : <Lead product={product} />}
    >
      <ListTable
        caption={t('queue.title')}
        list={list}
        keyOf={({ userId }) => userId}
        columns={useColumns()}
        empty={<Empty title={t('queue.empty.title')}>{t('queue.empty.text')}</Empty>}
      />
    </Page>
  )
}

function Lead({ product: { seats, assigned, reserved, waiting } }: { readonly product: Product }) {
  const { t } = useTranslation('products')
  return (
    <>
      {t('queue.lead', { taken: assigned + reserved, seats })} {t('queue.waiting', { count: waiting })}{' '}
      <TextLink to="/products">{t('queue.addSeats')}</TextLink>
    </>
  )
}

function useColumns(): Column<WaitingPerson>[] {
  const { t } = useTranslation('products')
  const { connections = [] } = useCatalogue()
  const rules = useRules(connections.map(({ id }) => id))
  return [
    { key: 'position', title: t('queue.position'), cell: ({ position }) => <span className="number">{position}</span> },
    {
      key: 'name',
      title: t('queue.person'),
      minWidth: '12rem',
      cell: (person) => (
        <>
          <Anchor component={Link} to={`/users/${person.userId}?tab=access`} fw={550}>
            <Name>{person.displayName ?? person.userId}</Name>
          </Anchor>
          {person.email === null ? null : (
            <Text size="sm" c="var(--quiet)" component="div">
              <Name>{person.email}</Name>
            </Text>
          )}
        </>
      ),
    },
    { key: 'since', title: t('queue.since'), cell: ({ waitingSince }) => <When at={waitingSince} full /> },
    {
      key: 'source',
      title: t('queue.source'),
      minWidth: '12rem',
      cell: (person) => <SourceNote source={person.source} ruleId={person.ruleId} rules={rules} />,
    },
  ]
}
