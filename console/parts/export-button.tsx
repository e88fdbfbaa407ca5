import { Button, Group, Modal, Progress, Radio, Stack, Text } from '@mantine/core'
import { Download } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addressOf, type Body } from '../api/client.js'
import { useRead, useWrite } from '../api/queries.js'
import type { Export } from '../api/schema.js'
import { useSession } from '../api/session.js'
import { BusyButton } from './busy-button.js'
import { ProblemNote } from './problem-note.js'

type Wish = Body<'POST /accounts/{accountId}/exports'>

interface ExportButtonProps {
  readonly kind: Wish['kind']
  /** As the list has it: what is shown is what is exported. */
  readonly filter: Wish['filter']
}

/** A file of what a list shows, made in the background: its progress, a way to stop it, and the file (PRODUCT 6.3). */
export function ExportButton({ kind, filter }: ExportButtonProps) {
  const { t } = useTranslation('exports')
  const [opened, setOpened] = useState(false)
  return (
    <>
      <Button variant="default" leftSection={<Download size={16} aria-hidden />} onClick={() => setOpened(true)}>
        {t('open')}
      </Button>
      {opened ? <ExportDialog kind={kind} filter={filter} onClose={() => setOpened(false)} /> : null}
    </>
  )
}

function ExportDialog({ kind, filter, onClose }: ExportButtonProps & { readonly onClose: () => void }) {
  const { t } = useTranslation(['exports', 'shell'])
  const [format, setFormat] = useState<Wish['format']>('csv')
  const start = useWrite('POST /accounts/{accountId}/exports')
  const filters = Object.entries(filter)
  return (
    <Modal opened onClose={onClose} title={t('title')} closeButtonProps={{ 'aria-label': t('shell:close') }}>
      <Stack>
        <Text size="sm">{filters.length === 0 ? t('everything') : t('filtered')}</Text>
        {filters.map(([name, value]) => (
          <Text key={name} size="sm" className="mono">
            {name}: {String(value)}
          </Text>
        ))}
        {start.data === undefined ? (
          <>
            <Radio.Group label={t('format')} value={format} onChange={(next) => setFormat(next as Wish['format'])}>
              <Stack gap={6} mt="xs">
                <Radio value="csv" label={t('csv')} description={t('csvNote')} />
                <Radio value="jsonl" label={t('jsonl')} description={t('jsonlNote')} />
              </Stack>
            </Radio.Group>
            <ProblemNote error={start.error} />
            <Group justify="flex-end">
              <Button variant="default" onClick={onClose}>
                {t('shell:cancel')}
              </Button>
              <BusyButton
                busy={start.isPending}
                onClick={() => start.mutate({ body: { kind, format, filter } as Wish })}
              >
                {t('start')}
              </BusyButton>
            </Group>
          </>
        ) : (
          <Making exportId={start.data.id} onAgain={() => start.reset()} />
        )}
      </Stack>
    </Modal>
  )
}

const POLL_MS = 700
const READ = 'GET /accounts/{accountId}/exports/{exportId}'

function Making({ exportId, onAgain }: { readonly exportId: string; readonly onAgain: () => void }) {
  const [over, setOver] = useState(false)
  const { data, error, refetch } = useRead(
    READ,
    { params: { exportId } },
    { refetchInterval: over ? false : POLL_MS, staleTime: 0 },
  )
  if (data !== undefined && data.state !== 'running' && !over) setOver(true)
  if (error !== null) return <ProblemNote error={error} onRetry={() => void refetch()} />
  return data === undefined ? null : <Made file={data} onAgain={onAgain} />
}

function Made({
  file: { id, state, rows, progress },
  onAgain,
}: {
  readonly file: Export
  readonly onAgain: () => void
}) {
  const { t } = useTranslation(['exports', 'shell'])
  const { account } = useSession()
  const stop = useWrite('DELETE /accounts/{accountId}/exports/{exportId}', [READ])
  const address = addressOf('/accounts/{accountId}/exports/{exportId}/file', { accountId: account.id, exportId: id })
  return (
    <>
      <Progress.Root size="sm">
        <Progress.Section value={state === 'finished' ? 100 : progress * 100} aria-label={t('progress')} />
      </Progress.Root>
      <Text size="sm" role="status">
        {t(`state.${state}`, { count: rows })}
      </Text>
      <ProblemNote error={stop.error} />
      <Group justify="flex-end">
        {state === 'finished' ? (
          <Button component="a" href={address} download leftSection={<Download size={16} aria-hidden />}>
            {t('download')}
          </Button>
        ) : state === 'running' ? (
          <BusyButton variant="default" busy={stop.isPending} onClick={() => stop.mutate({ params: { exportId: id } })}>
            {t('stop')}
          </BusyButton>
        ) : (
          <Button variant="default" onClick={onAgain}>
            {t('again')}
          </Button>
        )}
      </Group>
    </>
  )
}
