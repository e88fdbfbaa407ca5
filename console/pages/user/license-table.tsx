import { Anchor, Button, Group, Skeleton, Table, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { type Rules, useCatalogue } from '../../api/catalogue.js'
import { useRead } from '../../api/queries.js'
import type { License, Product, UserDetail } from '../../api/schema.js'
import { useMay } from '../../api/session.js'
import { LicenseMark } from '../../parts/access.js'
import { HeadRow } from '../../parts/head-row.js'
import { Name } from '../../parts/long-text.js'
import { ScrollRegion } from '../../parts/scroll-region.js'
import { When } from '../../parts/when.js'
import type { GrantWish } from './grant-form.js'
import { SourceNote } from './source-note.js'

interface LicenseTableProps {
  readonly user: UserDetail
  readonly rules: Rules
  /** Undefined for who may not change it. */
  readonly change: ((wish: GrantWish) => void) | undefined
}

/** Every product of the account: whether she has it, and why, or why not. */
export function LicenseTable({ user, rules, change }: LicenseTableProps) {
  const { t } = useTranslation('people')
  const { products, productName } = useCatalogue()
  const keys = new Set([...user.licenses.map(({ product }) => product), ...(products ?? []).map(({ key }) => key)])
  if (keys.size === 0) return <Text c="var(--quiet)">{t('access.noProducts')}</Text>
  return (
    <ScrollRegion label={t('access.licenses')}>
      <Table verticalSpacing={8} style={{ minWidth: '38rem' }}>
        <caption className="unseen">{t('access.licenses')}</caption>
        <HeadRow
          heads={[
            t('column.product'),
            t('access.state'),
            t('access.why'),
            ...(change === undefined ? [] : [t('access.byHandShort')]),
          ]}
        />
        <Table.Tbody>
          {[...keys].map((key) => {
            const license = user.licenses.find(({ product }) => product === key)
            const product = products?.find((one) => one.key === key)
            return (
              <Table.Tr key={key} style={{ verticalAlign: 'top' }}>
                <Table.Th scope="row">
                  <Name lines={2}>{productName(key)}</Name>
                </Table.Th>
                <Table.Td>
                  {license === undefined ? (
                    <Text c="var(--quiet)">{t('license.none')}</Text>
                  ) : (
                    <State license={license} product={product} userId={user.id} />
                  )}
                </Table.Td>
                <Table.Td>
                  <Why user={user} productKey={key} license={license} rules={rules} />
                </Table.Td>
                {change === undefined ? null : (
                  <Table.Td>
                    <ByHand productKey={key} user={user} license={license} change={change} />
                  </Table.Td>
                )}
              </Table.Tr>
            )
          })}
        </Table.Tbody>
      </Table>
    </ScrollRegion>
  )
}

/** Where she stands in the queue is looked for among so many. */
const QUEUE_LIMIT = 1_000

function State({
  license,
  product,
  userId,
}: {
  readonly license: License
  readonly product: Product | undefined
  readonly userId: string
}) {
  return (
    <>
      <LicenseMark state={license.state} />
      {license.state === 'waiting' && product !== undefined ? <Place product={product} userId={userId} /> : null}
      {license.waitingSince === undefined ? null : (
        <Text size="sm" c="var(--quiet)">
          <When at={license.waitingSince} />
        </Text>
      )}
    </>
  )
}

function Place({ product, userId }: { readonly product: Product; readonly userId: string }) {
  const { t } = useTranslation('people')
  const may = useMay()
  const { data } = useRead(
    'GET /accounts/{accountId}/products/{productId}/waiting',
    { params: { productId: product.id }, query: { limit: QUEUE_LIMIT } },
    { enabled: may('licenses.view') },
  )
  const position = data?.items.find((one) => one.userId === userId)?.position
  if (data === undefined) return <Skeleton height={14} my={5} width="7rem" />
  return (
    <Text size="sm" component="div">
      <Anchor component={Link} to={`/products/${product.id}/waiting`} size="sm">
        {position === undefined
          ? t('access.waitingFar', { count: QUEUE_LIMIT })
          : t('access.waitingAs', { position, total: product.waiting })}
      </Anchor>
    </Text>
  )
}

interface WhyProps {
  readonly user: UserDetail
  readonly productKey: string
  readonly license: License | undefined
  readonly rules: Rules
}

/** The source of a license; without one, what keeps it from her. */
function Why({ user, productKey, license, rules }: WhyProps) {
  const { t } = useTranslation('people')
  if (license !== undefined) return <SourceNote {...license} rules={rules} />
  const grants = user.grants.filter(({ kind, value }) => kind === 'product' && value === productKey)
  const denied = grants.some(({ effect }) => effect === 'deny')
  const given = grants.find(({ effect }) => effect === 'allow')
  if (denied) return <>{t('access.withheld')}</>
  if (given === undefined) return <Text c="var(--quiet)">{t('access.nothingGives')}</Text>
  return (
    <>
      {t('access.dormant')} <SourceNote source={given.source} ruleId={given.ruleId} rules={rules} />
    </>
  )
}

interface ByHandProps {
  readonly user: UserDetail
  readonly productKey: string
  readonly license: License | undefined
  readonly change: (wish: GrantWish) => void
}

/** What can be decided by hand about one product; a decision that stands is taken back below. */
function ByHand({ user, productKey, license, change }: ByHandProps) {
  const { t } = useTranslation('people')
  const { productName } = useCatalogue()
  const name = productName(productKey)
  const decided = user.grants.some(
    ({ kind, value, source }) => kind === 'product' && value === productKey && source === 'manual',
  )
  if (decided) return <Text c="var(--quiet)">{t('access.decided')}</Text>
  const button = (effect: 'allow' | 'deny', label: string, whole: string) => (
    <Button
      variant="default"
      size="compact-sm"
      onClick={() => change({ kind: 'product', value: productKey, effect })}
      aria-label={whole}
    >
      {label}
    </Button>
  )
  return (
    <Group gap={6}>
      {license === undefined
        ? button('allow', t('access.give'), t('access.product.allow', { name }))
        : button('deny', t('access.withhold'), t('access.product.deny', { name }))}
    </Group>
  )
}
