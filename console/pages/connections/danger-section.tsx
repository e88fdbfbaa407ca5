import { Button, Group, Radio, Stack, Text } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRead, useWrite } from '../../api/queries.js'
import type { Connection } from '../../api/schema.js'
import { announce } from '../../parts/announce.js'
import { Confirm } from '../../parts/confirm.js'
import { Section } from '../../parts/page.js'

const ONE = '/accounts/{accountId}/connections/{connectionId}'
const STALE = [`GET ${ONE}`, `GET ${ONE}/health`, 'GET /accounts/{accountId}/connections'] as const

/** Switch off, on again, delete: each says for how many people (PRODUCT 6.3). */
export function DangerSection({ connection }: { readonly connection: Connection }) {
  const { t } = useTranslation('connections')
  const [asking, setAsking] = useState<'disable' | 'enable' | 'delete'>()
  const { data: health } = useRead(`GET ${ONE}/health`, { params: { connectionId: connection.id } })
  const isOff = connection.mode === 'disabled'
  const shared = { connection, users: health?.users ?? 0, onClose: () => setAsking(undefined) }
  return (
    <Section title={t('danger.title')}>
      <Stack gap="lg">
        {isOff ? (
          <Act title={t('danger.enable')} lead={t('danger.enableLead')} onClick={() => setAsking('enable')} />
        ) : (
          <Act title={t('danger.disable')} lead={t('danger.disableLead')} onClick={() => setAsking('disable')} />
        )}
        <Act
          title={t('danger.delete')}
          lead={isOff ? t('danger.deleteLead') : `${t('danger.deleteLead')} ${t('danger.deleteFirst')}`}
          {...(isOff ? { onClick: () => setAsking('delete') } : {})}
        />
      </Stack>
      {asking === 'disable' ? <Disable {...shared} /> : null}
      {asking === 'enable' ? <Enable {...shared} /> : null}
      {asking === 'delete' ? <Delete {...shared} /> : null}
    </Section>
  )
}

function Act({ title, lead, onClick }: { title: string; lead: string; onClick?: () => void }) {
  return (
    <Group justify="space-between" gap="md">
      <Text size="sm" style={{ flex: '1 1 16rem' }}>
        {lead}
      </Text>
      <Button
        variant="default"
        {...(onClick === undefined ? {} : { c: 'var(--bad)' })}
        disabled={onClick === undefined}
        onClick={onClick}
      >
        {title}
      </Button>
    </Group>
  )
}

interface DialogProps {
  readonly connection: Connection
  readonly users: number
  readonly onClose: () => void
}

function Disable({ connection: { id, name }, users: count, onClose }: DialogProps) {
  const { t } = useTranslation('connections')
  const [onDisable, setOnDisable] = useState<'keep' | 'suspend'>('keep')
  const change = useWrite(`PATCH ${ONE}`, STALE)
  const body = { mode: 'disabled', onDisable } as const
  return (
    <Confirm
      opened
      onClose={onClose}
      title={t('danger.disableTitle', { name })}
      action={t('danger.disable')}
      {...(count > 1 ? { typed: name } : {})}
      onConfirm={() => change.mutateAsync({ params: { connectionId: id }, body })}
    >
      <Radio.Group
        label={t('danger.disableText', { count })}
        value={onDisable}
        onChange={(value) => setOnDisable(value as typeof onDisable)}
      >
        <Stack gap="sm" mt="xs">
          <Radio value="keep" label={t('danger.keep')} description={t('danger.keepNote', { count })} />
          <Radio value="suspend" label={t('danger.suspend')} description={t('danger.suspendNote', { count })} />
        </Stack>
      </Radio.Group>
    </Confirm>
  )
}

function Enable({ connection: { id, name }, users: count, onClose }: DialogProps) {
  const { t } = useTranslation('connections')
  const change = useWrite(`PATCH ${ONE}`, STALE)
  return (
    <Confirm
      opened
      onClose={onClose}
      title={t('danger.enableTitle', { name })}
      action={t('danger.enable')}
      onConfirm={() => change.mutateAsync({ params: { connectionId: id }, body: { mode: 'live' } })}
    >
      <Text size="sm">{t('danger.enableText', { count })}</Text>
    </Confirm>
  )
}

function Delete({ connection: { id, name }, users: count, onClose }: DialogProps) {
  const { t } = useTranslation('connections')
  const navigate = useNavigate()
  const remove = useWrite(`DELETE ${ONE}`, ['GET /accounts/{accountId}/connections'])
  const confirm = async () => {
    await remove.mutateAsync({ params: { connectionId: id } })
    announce(t('danger.deleting'))
    await navigate({ to: '/connections' })
  }
  return (
    <Confirm
      opened
      onClose={onClose}
      title={t('danger.deleteTitle', { name })}
      action={t('danger.delete')}
      typed={name}
      onConfirm={confirm}
    >
      <Text size="sm">{t('danger.deleteText', { count })}</Text>
    </Confirm>
  )
}
