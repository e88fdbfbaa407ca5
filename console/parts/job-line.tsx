import { Group, Loader, Text } from '@mantine/core'
import { CircleAlert, CircleCheck } from 'lucide-react'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useJob } from '../api/follow-job.js'
import { Mark } from './marks.js'

interface JobLineProps {
  readonly jobId: string
  /** Told once when it is through, whatever came of it. */
  readonly onDone?: () => void
}

/** How far background work for people has come, in one line that stays where it is and says when it is through. */
export function JobLine({ jobId, onDone }: JobLineProps) {
  const { t } = useTranslation()
  const { data: job } = useJob(jobId)
  const state = job?.state ?? 'open'
  const count = Number(job?.progress?.people ?? 0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: told when the state changes, and at no other time
  useEffect(() => {
    if (state === 'open') return
    onDone?.()
  }, [jobId, state])
  return (
    <Group gap={8} mih="1.75rem" role="status">
      {state === 'open' ? (
        <>
          <Loader size={14} aria-hidden />
          <Text size="sm">{t(count === 0 ? 'job.begins' : 'job.open', { count })}</Text>
        </>
      ) : (
        <Mark tone={state === 'done' ? 'good' : 'bad'} icon={state === 'done' ? CircleCheck : CircleAlert}>
          {t(`job.${state}`, { count })}
        </Mark>
      )}
    </Group>
  )
}
