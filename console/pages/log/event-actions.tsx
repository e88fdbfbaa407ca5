import { Button, Group } from '@mantine/core'
import { Check, Copy, Download } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { addressOf } from '../../api/client.js'
import type { Event } from '../../api/schema.js'
import { useSession } from '../../api/session.js'
import { announce } from '../../parts/announce.js'
import { writeClipboard } from '../../parts/copy.js'
import { supportText } from './support-text.js'

/** What can be taken from an event: its id, its address, a text for support, the whole as JSON. */
export function EventActions({ event }: { readonly event: Event }) {
  const { t } = useTranslation('log')
  const { account } = useSession()
  const path = '/accounts/{accountId}/events/{eventId}'
  return (
    <Group gap={6}>
      <CopyWords what={t('taken.id')} words={() => event.correlationId} />
      <CopyWords what={t('taken.link')} words={() => location.href} />
      <CopyWords what={t('taken.support')} words={() => supportText(event, location.href)} />
      <Button
        component="a"
        href={addressOf(path, { accountId: account.id, eventId: event.id })}
        download={`event-${event.id}.json`}
        size="compact-sm"
        variant="default"
        leftSection={<Download size={14} aria-hidden />}
      >
        {t('detail.download')}
      </Button>
    </Group>
  )
}

const SHOWN_MS = 2_000

function CopyWords({ what, words }: { readonly what: string; readonly words: () => string }) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await writeClipboard(words())
    setCopied(true)
    announce(t('copy.done', { what }))
    setTimeout(() => setCopied(false), SHOWN_MS)
  }
  return (
    <Button
      size="compact-sm"
      variant="default"
      leftSection={copied ? <Check size={14} aria-hidden /> : <Copy size={14} aria-hidden />}
      onClick={() => void copy()}
    >
      {t('copy.do', { what })}
    </Button>
  )
}
