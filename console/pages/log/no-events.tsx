import { Anchor, Button, Group, Stack } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useRead } from '../../api/queries.js'
import { useMay } from '../../api/session.js'
import { useAddress } from '../../api/use-search.js'
import { Empty } from '../../parts/empty.js'
import { Sentence } from '../../parts/sentence.js'
import { relative } from '../../parts/when.js'
import { ActiveFilters } from './active-filters.js'
import { hasFilters, rangeOf } from './filters.js'
import type { Names } from './use-names.js'
import { LOG, type View } from './views.js'

interface NoEventsProps {
  readonly view: View
  readonly names: Names
}

/** An empty log says why it is, and what would fill it (PRODUCT 3.2). */
export function NoEvents({ view, names }: NoEventsProps) {
  const { t } = useTranslation('log')
  const [search] = useAddress()
  if (hasFilters(search)) {
    return (
      <Empty title={t('empty.filtered.title')}>
        <Stack align="center" gap="xs">
          {t('empty.filtered.text')}
          <ActiveFilters names={names} rows={[]} />
          <WiderButtons view={view} />
        </Stack>
      </Empty>
    )
  }
  if (view.name === 'log') return <QuietLog />
  return (
    <Empty title={t(`empty.${view.name}.title`)}>
      <Stack align="center" gap="xs">
        {t(`empty.${view.name}.text`)}
        <WiderButtons view={view} />
      </Stack>
    </Empty>
  )
}

/** What is outside of this view: older events, and those of other sources. */
function WiderButtons({ view }: { readonly view: View }) {
  const { t } = useTranslation('log')
  const [search, change] = useAddress()
  const range = rangeOf(search)
  return (
    <Group gap={6} justify="center">
      {range === '1h' || range === '24h' || range === '7d' ? (
        <Button size="compact-sm" variant="default" onClick={() => change({ range: '30d' })}>
          {t('empty.longer')}
        </Button>
      ) : null}
      {view.name === 'log' && search.source === undefined ? (
        <Button size="compact-sm" variant="default" onClick={() => change({ source: 'any' })}>
          {t('empty.other')}
        </Button>
      ) : null}
    </Group>
  )
}

/** No filter and no event: nothing ever came, or nothing came lately (C12). */
function QuietLog() {
  const { t, i18n } = useTranslation('log')
  const may = useMay()
  const { data } = useRead('GET /accounts/{accountId}/overview', {}, { enabled: may('users.view') })
  const health = data?.connections ?? []
  const heard = health.filter(({ lastRequestAt }) => lastRequestAt !== undefined)
  if (data !== undefined && heard.length === 0) {
    return (
      <Empty title={t('empty.none.title')}>
        <p>{t('empty.none.text')}</p>
        <Anchor renderRoot={(props) => <Link to={'/connections' as string} {...props} />}>{t('empty.none.do')}</Anchor>
      </Empty>
    )
  }
  return (
    <Empty title={t('empty.quiet.title')}>
      <Stack align="center" gap="xs">
        {heard.map(({ connectionId, idpKind, name, lastRequestAt }) => (
          <div key={connectionId}>
            <Sentence
              names={{ name }}
              of={(places) => t('empty.quiet.last', { ...places, when: relative(lastRequestAt ?? '', i18n.language) })}
            />{' '}
            {t(`empty.quiet.${idpKind}`)}
          </div>
        ))}
        <WiderButtons view={LOG} />
      </Stack>
    </Empty>
  )
}
