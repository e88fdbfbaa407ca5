import { Anchor, Skeleton, Stack, Text } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useCatalogue } from '../../api/catalogue.js'
import { useList, useRead } from '../../api/queries.js'
import type { DirectoryGroup, GroupPerson } from '../../api/schema.js'
import { useMay } from '../../api/session.js'
import { RuleLink } from '../../parts/access.js'
import { Empty } from '../../parts/empty.js'
import { type Column, ListTable } from '../../parts/list-table.js'
import { LongText, Name } from '../../parts/long-text.js'
import { StatusMark } from '../../parts/marks.js'
import { Needs } from '../../parts/needs.js'
import { Page, Section } from '../../parts/page.js'
import { ProblemNote } from '../../parts/problem-note.js'
import { When } from '../../parts/when.js'

/** One group of a directory: who is in it, and which rules give something for it. */
export function GroupPage() {
  const { t } = useTranslation('groups')
  return (
    <Needs permission="connections.view" title={t('group')}>
      <Group />
    </Needs>
  )
}

function Group() {
  const { t } = useTranslation('groups')
  const { connectionOf } = useCatalogue()
  const may = useMay()
  const { connectionId = '', groupId = '' } = useParams({ strict: false })
  const params = { connectionId, groupId }
  const { data, error, refetch } = useRead('GET /accounts/{accountId}/connections/{connectionId}/groups/{groupId}', {
    params,
  })
  const group = data?.id === groupId ? data : undefined
  if (group === undefined)
    return (
      <Page title={t('group')}>
        {error === null ? (
          <Skeleton height="16rem" radius="md" />
        ) : (
          <ProblemNote error={error} onRetry={() => void refetch()} />
        )}
      </Page>
    )
  return (
    <Page
      key={group.id}
      title={short(group.displayName)}
      lead={
        <>
          <Anchor component={Link} to={`/connections/${connectionId}`}>
            <Name>{connectionOf(connectionId)?.name ?? t('connection')}</Name>
          </Anchor>{' '}
          · {t('people', { count: group.members })} · {t('changed')} <When at={group.lastModified} />
        </>
      }
    >
      <Stack gap="lg">
        <UsedBy group={group} connectionId={connectionId} />
        {may('users.view') ? <Members connectionId={connectionId} groupId={groupId} /> : null}
      </Stack>
    </Page>
  )
}

const LONGEST_TITLE = 120
const short = (name: string): string => (name.length > LONGEST_TITLE ? `${name.slice(0, LONGEST_TITLE)}…` : name)

function UsedBy({ group, connectionId }: { readonly group: DirectoryGroup; readonly connectionId: string }) {
  const { t } = useTranslation('groups')
  const { externalId } = group
  return (
    <Section title={t('usedBy')} lead={t('usedByLead')}>
      {group.rules.length === 0 ? (
        <Text size="sm" c="var(--quiet)">
          {t('noRules')}
        </Text>
      ) : (
        <Stack component="ul" gap={6} m={0} p={0} style={{ listStyle: 'none' }}>
          {group.rules.map((rule) => (
            <li key={rule.id}>
              <RuleLink rule={{ ...rule, connectionId }} />
              {rule.enabled ? null : (
                <Text span size="sm" c="var(--quiet)">
                  {' · '}
                  {t('off')}
                </Text>
              )}
              {rule.condition === null ? null : (
                <Text size="sm" c="var(--quiet)" className="mono" component="div">
                  <LongText text={rule.condition} />
                </Text>
              )}
            </li>
          ))}
        </Stack>
      )}
      <Text size="sm" c="var(--quiet)" mt="sm" component="div">
        <span className="mono">externalId</span>: {externalId === undefined ? '—' : <LongText text={externalId} />}
        {group.displayName.length > LONGEST_TITLE ? (
          <div>
            <LongText text={group.displayName} />
          </div>
        ) : null}
      </Text>
    </Section>
  )
}

function Members({ connectionId, groupId }: { readonly connectionId: string; readonly groupId: string }) {
  const { t } = useTranslation('groups')
  const list = useList('GET /accounts/{accountId}/connections/{connectionId}/groups/{groupId}/members', {
    params: { connectionId, groupId },
  })
  return (
    <ListTable
      caption={t('members')}
      list={list}
      keyOf={({ scimId }) => scimId}
      columns={useColumns()}
      empty={<Empty title={t('noMembers.title')}>{t('noMembers.text')}</Empty>}
    />
  )
}

function useColumns(): Column<GroupPerson>[] {
  const { t } = useTranslation('groups')
  return [
    {
      key: 'name',
      title: t('person'),
      minWidth: '13rem',
      cell: ({ userId, displayName, userName }) => (
        <Anchor component={Link} to={`/users/${userId}`} fw={550}>
          <Name>{displayName || userName}</Name>
        </Anchor>
      ),
    },
    { key: 'userName', title: t('userName'), minWidth: '13rem', cell: ({ userName }) => <Name>{userName}</Name> },
    { key: 'status', title: t('status'), minWidth: '8rem', cell: ({ status }) => <StatusMark status={status} /> },
  ]
}
