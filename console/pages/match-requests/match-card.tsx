import { Anchor, Button, Group, Table, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { Equal, EqualNot } from 'lucide-react'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useCatalogue } from '../../api/catalogue.js'
import { useRead, useWrite } from '../../api/queries.js'
import type { Connection, MatchRequest, UserDetail } from '../../api/schema.js'
import { useMay, useSession } from '../../api/session.js'
import { announce } from '../../parts/announce.js'
import { Confirm } from '../../parts/confirm.js'
import { HeadRow } from '../../parts/head-row.js'
import { LongText } from '../../parts/long-text.js'
import { Mark } from '../../parts/marks.js'
import { Section } from '../../parts/page.js'
import { ProblemNote } from '../../parts/problem-note.js'
import { ScrollRegion } from '../../parts/scroll-region.js'
import { When } from '../../parts/when.js'
import { Status } from '../users/user-columns.js'
import { compare } from './compare.js'
import { NextStep } from './match-requests-page.js'

interface MatchCardProps {
  readonly request: MatchRequest
  readonly connection: Connection | undefined
  readonly onLinked: (request: MatchRequest) => void
}

/** Who comes and who is here, side by side; and the decision. */
export function MatchCard({ request, connection, onLinked }: MatchCardProps) {
  const { t } = useTranslation('matches')
  const { userId, incoming, state, cause, createdAt, updatedAt } = request
  const { data: user, error } = useRead('GET /accounts/{accountId}/users/{userId}', { params: { userId } })
  const from = connection?.name ?? t('aDirectory')
  return (
    <Section
      title={incoming.displayName ?? incoming.userName}
      lead={
        <>
          <bdi>{from}</bdi> · {t(`cause.${cause}`)} · <When at={createdAt} />
          {updatedAt === createdAt ? null : (
            <>
              {' · '}
              {t('again')} <When at={updatedAt} />
            </>
          )}
        </>
      }
      actions={state === 'open' ? <Decision request={request} user={user} onLinked={onLinked} /> : undefined}
    >
      <ProblemNote error={error} />
      <Comparison request={request} user={user} from={from} />
      {state === 'open' ? null : <Decided request={request} />}
      {state === 'approved' ? <NextStep request={request} connection={connection} /> : null}
    </Section>
  )
}

interface ComparisonProps {
  readonly request: MatchRequest
  readonly user: UserDetail | undefined
  readonly from: string
}

function Comparison({ request, user, from }: ComparisonProps) {
  const { t } = useTranslation('matches')
  const caption = useId()
  return (
    <ScrollRegion labelledBy={caption}>
      <Table verticalSpacing={6} style={{ minWidth: '34rem' }}>
        <caption id={caption} className="unseen">
          {t('comparison')}
        </caption>
        <HeadRow heads={[t('field'), t('sends', { connection: from }), t('here'), t('compared')]} />
        <Table.Tbody>
          {compare(request, user).map(({ field, sent, stored, equal }) => (
            <Table.Tr key={field} style={{ verticalAlign: 'top' }}>
              <Table.Th scope="row" fw={500}>
                {t(`fields.${field}`)}
              </Table.Th>
              <Table.Td>{sent === null ? '—' : <LongText text={sent} />}</Table.Td>
              <Table.Td>{stored === null ? '—' : <LongText text={stored} />}</Table.Td>
              <Table.Td>{equal === undefined ? null : <Equality equal={equal} />}</Table.Td>
            </Table.Tr>
          ))}
          {user === undefined ? null : <Here user={user} />}
        </Table.Tbody>
      </Table>
    </ScrollRegion>
  )
}

function Equality({ equal }: { readonly equal: boolean }) {
  const { t } = useTranslation('matches')
  return (
    <Mark tone={equal ? 'good' : 'warn'} icon={equal ? Equal : EqualNot}>
      {t(equal ? 'equal' : 'different')}
    </Mark>
  )
}

/** What only our side knows: what would be handed to whoever the directory sends. */
function Here({ user }: { readonly user: UserDetail }) {
  const { t } = useTranslation(['matches', 'people'])
  const { roleName } = useCatalogue()
  const rows = [
    { key: 'role', value: <b>{roleName(user.role.key)}</b> },
    { key: 'status', value: <Status user={user} /> },
    { key: 'lastSignIn', value: user.lastSignInAt === null ? t('people:never') : <When at={user.lastSignInAt} /> },
    {
      key: 'user',
      value: (
        <Anchor component={Link} to={`/users/${user.id}`} size="sm">
          {t('open')}
        </Anchor>
      ),
    },
  ] as const
  return rows.map(({ key, value }) => (
    <Table.Tr key={key} style={{ verticalAlign: 'top' }}>
      <Table.Th scope="row" fw={500}>
        {t(`fields.${key}`)}
      </Table.Th>
      <Table.Td>—</Table.Td>
      <Table.Td>{value}</Table.Td>
      <Table.Td />
    </Table.Tr>
  ))
}

function Decided({ request: { decidedBy, decidedAt, state } }: { readonly request: MatchRequest }) {
  const { t } = useTranslation('matches')
  return (
    <Text size="sm" c="var(--quiet)" my="xs">
      {t(`state.${state}`)} · <bdi>{decidedBy?.label}</bdi> · {decidedAt === null ? null : <When at={decidedAt} full />}
    </Text>
  )
}

interface DecisionProps {
  readonly request: MatchRequest
  readonly user: UserDetail | undefined
  readonly onLinked: (request: MatchRequest) => void
}

function Decision({ request, user, onLinked }: DecisionProps) {
  const { t } = useTranslation('matches')
  const may = useMay()
  const { user: me } = useSession()
  const [asked, setAsked] = useState<'link' | 'refuse'>()
  const decide = useWrite('POST /accounts/{accountId}/match-requests/{matchRequestId}/decision', [
    'GET /accounts/{accountId}/match-requests',
    'GET /accounts/{accountId}/overview',
  ])
  if (!may('users.edit')) return null
  const why = request.cause === 'owner' ? 'owner' : onlySuperAdmin(request, me.role) ? 'superAdmin' : undefined
  const confirm = async () => {
    if (asked === undefined) return
    const decided = await decide.mutateAsync({ params: { matchRequestId: request.id }, body: { decision: asked } })
    announce(t(`done.${asked}`))
    if (asked === 'link') onLinked(decided)
  }
  return (
    <Group gap="xs">
      {why === undefined ? (
        <Button size="xs" disabled={user === undefined} onClick={() => setAsked('link')}>
          {t('link')}
        </Button>
      ) : (
        <Text size="sm" c="var(--quiet)" maw="16rem">
          {t(`cannot.${why}`)}
        </Text>
      )}
      <Button size="xs" variant="default" onClick={() => setAsked('refuse')}>
        {t('refuse')}
      </Button>
      <Confirm
        opened={asked !== undefined}
        onClose={() => setAsked(undefined)}
        title={t(`ask.${asked ?? 'link'}`)}
        action={t(asked ?? 'link')}
        onConfirm={confirm}
      >
        <Text size="sm">
          <LongText
            text={t(`note.${asked ?? 'link'}`, { sent: request.incoming.userName, name: user?.displayName ?? '' })}
          />
        </Text>
      </Confirm>
    </Group>
  )
}

function onlySuperAdmin({ cause }: MatchRequest, role: string): boolean {
  return cause === 'admin_role' && role !== 'super_admin'
}
