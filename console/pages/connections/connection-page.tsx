import { Anchor, Button, Group, Skeleton, Stack, Tabs, Text } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useRead } from '../../api/queries.js'
import type { Connection } from '../../api/schema.js'
import { useMay } from '../../api/session.js'
import { useAddress } from '../../api/use-search.js'
import { HealthMark } from '../../parts/marks.js'
import { Page } from '../../parts/page.js'
import { ProblemNote } from '../../parts/problem-note.js'
import { ClientsSection } from './clients-section.js'
import { ModeMark } from './connection-marks.js'
import { DangerSection } from './danger-section.js'
import { HealthSection } from './health-section.js'
import { SettingsSection } from './settings-section.js'
import { TestSection } from './test-section.js'
import { TokensSection } from './tokens-section.js'
import { ValuesSection } from './values-section.js'

const SECTIONS = {
  health: HealthSection,
  values: ValuesSection,
  tokens: TokensSection,
  clients: ClientsSection,
  settings: SettingsSection,
  test: TestSection,
  danger: DangerSection,
} as const

type SectionName = keyof typeof SECTIONS

/** One connection, in sections that stand in the address (PRODUCT 6.2). */
export function ConnectionPage() {
  const { t } = useTranslation('connections')
  const { connectionId = '' } = useParams({ strict: false })
  const { data, error, refetch } = useRead('GET /accounts/{accountId}/connections/{connectionId}', {
    params: { connectionId },
  })
  if (data?.id === connectionId) return <Sections key={connectionId} connection={data} />
  return (
    <Page title={t('title')}>
      {error === null ? (
        <Skeleton height="20rem" />
      ) : (
        <>
          <ProblemNote error={error} onRetry={() => void refetch()} />
          <BackToList />
        </>
      )}
    </Page>
  )
}

function BackToList() {
  const { t } = useTranslation('connections')
  return (
    <Anchor size="sm" renderRoot={(props) => <Link to="/connections" {...props} />}>
      {t('back')}
    </Anchor>
  )
}

function Sections({ connection }: { readonly connection: Connection }) {
  const { t } = useTranslation('connections')
  const may = useMay()
  const [{ tab }, change] = useAddress()
  const shown = (Object.keys(SECTIONS) as SectionName[]).filter(
    (name) => name !== 'danger' || may('connections.manage'),
  )
  const current = shown.find((name) => name === tab) ?? 'health'
  return (
    <Page title={connection.name} lead={<Lead connection={connection} />} actions={<Actions connection={connection} />}>
      <Tabs value={current} onChange={(next) => change({ tab: next ?? undefined })} keepMounted={false}>
        <Tabs.List aria-label={t('sections')} mb="md">
          {shown.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(`section.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {shown.map((name) => {
          const Part = SECTIONS[name]
          return (
            <Tabs.Panel key={name} value={name}>
              <Stack gap="lg">
                <Part connection={connection} />
              </Stack>
            </Tabs.Panel>
          )
        })}
      </Tabs>
    </Page>
  )
}

function Lead({ connection: { id, idpKind, mode } }: { readonly connection: Connection }) {
  const { t } = useTranslation('connections')
  const { data } = useRead('GET /accounts/{accountId}/connections/{connectionId}/health', {
    params: { connectionId: id },
  })
  return (
    <Stack gap={4}>
      <Group gap="md">
        <Text span inherit>
          {t(`kind.${idpKind}`)}
        </Text>
        <ModeMark mode={mode} />
        {data === undefined || data.state === mode ? null : <HealthMark state={data.state} />}
      </Group>
      <BackToList />
    </Stack>
  )
}

function Actions({ connection: { id, mode } }: { readonly connection: Connection }) {
  const { t } = useTranslation('connections')
  const may = useMay()
  const params = { connectionId: id }
  return (
    <>
      <Button
        variant="default"
        renderRoot={(props) => <Link to="/connections/$connectionId/sign-in" params={params} {...props} />}
      >
        {t('singleSignOn')}
      </Button>
      {may('connections.manage') ? (
        <Button
          variant={mode === 'draft' ? 'filled' : 'default'}
          renderRoot={(props) => <Link to="/connections/$connectionId/setup" params={params} {...props} />}
        >
          {t(mode === 'draft' ? 'resume' : 'setUp')}
        </Button>
      ) : null}
    </>
  )
}
