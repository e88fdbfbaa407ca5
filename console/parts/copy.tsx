import { ActionIcon, Group, Text, Tooltip } from '@mantine/core'
import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { announce } from './announce.js'

const SHOWN_MS = 2_000

/** A button named by what it copies (PRODUCT 6.4), which says that it did. */
export function CopyButton({ value, what }: { readonly value: string; readonly what: string }) {
  const { t } = useTranslation()
  const [copied, setCopied] = useState(false)
  const copy = async () => {
    await writeClipboard(value)
    setCopied(true)
    announce(t('copy.done', { what }))
    setTimeout(() => setCopied(false), SHOWN_MS)
  }
  const label = t('copy.do', { what })
  return (
    <Tooltip label={copied ? t('copy.copied') : label}>
      <ActionIcon variant="subtle" size={28} onClick={() => void copy()} aria-label={label}>
        {copied ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />}
      </ActionIcon>
    </Tooltip>
  )
}

/** Without TLS a browser has no clipboard for pages; selecting and copying works everywhere. */
export async function writeClipboard(value: string): Promise<void> {
  if (navigator.clipboard !== undefined) return navigator.clipboard.writeText(value)
  const field = document.createElement('textarea')
  field.value = value
  field.style.position = 'fixed'
  field.style.opacity = '0'
  document.body.append(field)
  field.select()
  document.execCommand('copy')
  field.remove()
}

/** A value for another console: its name here, its name there, and a button that copies it. */
export function CopyField({
  label,
  value,
  theirs,
}: {
  readonly label: string
  readonly value: string
  /** What the field is called where it goes; never translated. */
  readonly theirs?: string
}) {
  return (
    <div>
      <Text size="sm" fw={550} component="div">
        {label}
        {theirs === undefined ? null : (
          <Text span size="sm" c="var(--quiet)" fw={400} lang="en">
            {' '}
            · {theirs}
          </Text>
        )}
      </Text>
      <Group
        gap={4}
        wrap="nowrap"
        style={{ border: '1px solid var(--line)', borderRadius: 6, background: 'var(--ground)', paddingLeft: 10 }}
      >
        <code className="mono" style={{ flex: 1, minWidth: 0, padding: '6px 0' }}>
          {value}
        </code>
        <CopyButton value={value} what={label} />
      </Group>
    </div>
  )
}

/** A secret that is shown this once: it can be copied, and no browser keeps it. */
export function SecretOnce({ label, value, note }: { label: string; value: string; note?: string }) {
  const { t } = useTranslation()
  return (
    <div style={{ border: '2px solid var(--warn)', borderRadius: 8, padding: '0.75rem 1rem' }}>
      <CopyField label={label} value={value} />
      <Text size="sm" mt="xs">
        {note ?? t('secret.once')}
      </Text>
    </div>
  )
}
