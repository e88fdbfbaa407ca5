import { Group, Skeleton, Tabs } from '@mantine/core'
import { useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useRead } from '../../api/queries.js'
import type { UserDetail } from '../../api/schema.js'
import { useMay } from '../../api/session.js'
import { useAddress } from '../../api/use-search.js'
import { LongText } from '../../parts/long-text.js'
import { Needs } from '../../parts/needs.js'
import { Page } from '../../parts/page.js'
import { ProblemNote } from '../../parts/problem-note.js'
import { AccessTab } from './access-tab.js'
import { ActivityTab } from './activity-tab.js'
import { DirectorySays } from './directory-says.js'
import { SessionsTab } from './sessions-tab.js'
import { UserActions } from './user-actions.js'
import { UserSummary } from './user-summary.js'

const TABS = ['profile', 'access', 'sessions', 'activity'] as const
type Tab = (typeof TABS)[number]

/** One person: what holds of her, and why (PRODUCT 3.3, 6.2). */
export function UserPage() {
  const { t } = useTranslation('people')
  return (
    <Needs permission="users.view" title={t('user.title')}>
      <User />
    </Needs>
  )
}

function User() {
  const { t } = useTranslation('people')
  const { userId = '' } = useParams({ strict: false })
  const { data: user, error, refetch } = useRead('GET /accounts/{accountId}/users/{userId}', { params: { userId } })
  if (user === undefined || user.id !== userId)
    return (
      <Page title={t('user.title')}>
        {error === null ? (
          <Skeleton height="18rem" radius="md" />
        ) : (
          <ProblemNote error={error} onRetry={() => void refetch()} />
        )}
      </Page>
    )
  return (
    <Page
      key={user.id}
      title={shortName(user, t('nameless'))}
      lead={user.email === null ? undefined : <LongText text={user.email} />}
      actions={<UserActions user={user} />}
    >
      <ProblemNote error={error} onRetry={() => void refetch()} />
      <UserSummary user={user} />
      <UserTabs user={user} />
    </Page>
  )
}

const LONGEST_TITLE = 120

/** A name of ten thousand characters is shown whole below; here it is what fits. */
function shortName({ displayName, email }: UserDetail, nameless: string): string {
  const name = displayName || email || nameless
  return name.length > LONGEST_TITLE ? `${name.slice(0, LONGEST_TITLE)}…` : name
}

function UserTabs({ user }: { readonly user: UserDetail }) {
  const { t } = useTranslation('people')
  const may = useMay()
  const [address, change] = useAddress()
  const shown = TABS.filter((tab) => tab !== 'activity' || may('logs.view'))
  const here: Tab = shown.find((tab) => tab === address.tab) ?? 'profile'
  return (
    <Tabs
      value={here}
      onChange={(tab) => change({ tab: tab === 'profile' ? undefined : (tab ?? undefined) })}
      keepMounted={false}
    >
      <Tabs.List mb="md" aria-label={t('user.tabs')}>
        {shown.map((tab) => (
          <Tabs.Tab key={tab} value={tab}>
            <Group gap={6} wrap="nowrap">
              {t(`tab.${tab}`)}
              {tab === 'sessions' && user.sessions.length > 0 ? (
                <span className="number">{user.sessions.length}</span>
              ) : null}
            </Group>
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="profile">
        <DirectorySays user={user} />
      </Tabs.Panel>
      <Tabs.Panel value="access">
        <AccessTab user={user} />
      </Tabs.Panel>
      <Tabs.Panel value="sessions">
        <SessionsTab user={user} />
      </Tabs.Panel>
      <Tabs.Panel value="activity">
        <ActivityTab userId={user.id} />
      </Tabs.Panel>
    </Tabs>
  )
}
