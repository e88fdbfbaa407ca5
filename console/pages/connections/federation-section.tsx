import { Button, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMaybe, useWrite } from '../../api/queries.js'
import type { Connection, Federation } from '../../api/schema.js'
import { useMay } from '../../api/session.js'
import { announce } from '../../parts/announce.js'
import { Confirm } from '../../parts/confirm.js'
import { Form } from '../../parts/form.js'
import { FormButtons } from '../../parts/form-buttons.js'
import { Section } from '../../parts/page.js'
import { ProblemNote } from '../../parts/problem-note.js'
import { When } from '../../parts/when.js'
import { Facts } from './facts.js'

const PATH = '/accounts/{accountId}/connections/{connectionId}/federation'
const FIELDS = ['issuer', 'jwksUrl', 'subject', 'audience'] as const
type Terms = Pick<Federation, (typeof FIELDS)[number]>

/** An outside issuer in place of a secret (RFC 7523). */
export function FederationSection({ connection: { id: connectionId } }: { readonly connection: Connection }) {
  const { t } = useTranslation('connections')
  const may = useMay()
  const params = { connectionId }
  const { data, error, isPending, refetch } = useMaybe(`GET ${PATH}`, { params }, 'federation_not_set_up')
  const remove = useWrite(`DELETE ${PATH}`, [`GET ${PATH}`])
  const [open, setOpen] = useState<'form' | 'remove'>()
  const federation = data ?? undefined
  return (
    <Section
      title={t('federation.title')}
      lead={t('federation.lead')}
      actions={
        may('connections.manage') && !isPending && open !== 'form' ? (
          <Button variant="default" onClick={() => setOpen('form')}>
            {federation === undefined ? t('federation.add') : t('change')}
          </Button>
        ) : undefined
      }
    >
      <ProblemNote error={error} onRetry={() => void refetch()} />
      {open === 'form' ? (
        <FederationForm connectionId={connectionId} federation={federation} onClose={() => setOpen(undefined)} />
      ) : data === null ? (
        <Text size="sm">{t('federation.none')}</Text>
      ) : federation === undefined ? null : (
        <FederationFacts federation={federation} />
      )}
      {federation !== undefined && may('connections.manage') && open !== 'form' ? (
        <Button variant="default" mt="md" onClick={() => setOpen('remove')}>
          {t('federation.remove')}
        </Button>
      ) : null}
      {federation === undefined ? null : (
        <Confirm
          opened={open === 'remove'}
          onClose={() => setOpen(undefined)}
          title={t('federation.removeTitle', { issuer: federation.issuer })}
          action={t('federation.remove')}
          onConfirm={() => remove.mutateAsync({ params })}
        >
          <Text size="sm">{t('federation.removeText')}</Text>
        </Confirm>
      )}
    </Section>
  )
}

function FederationFacts({ federation }: { readonly federation: Federation }) {
  const { t } = useTranslation('connections')
  const { keysFetchedAt, keysFailure, lastUsedAt } = federation
  const when = (at: string | null) => (at === null ? t('never') : <When at={at} />)
  return (
    <Facts
      facts={[
        ...FIELDS.map((name) => [t(`federation.${name}`), <bdi key={name}>{federation[name]}</bdi>] as const),
        [t('federation.keys'), when(keysFetchedAt)],
        [t('federation.keysFailure'), keysFailure],
        [t('federation.used'), when(lastUsedAt)],
      ]}
    />
  )
}

function FederationForm({
  connectionId,
  federation,
  onClose,
}: {
  readonly connectionId: string
  readonly federation: Federation | undefined
  readonly onClose: () => void
}) {
  const { t } = useTranslation(['connections', 'shell'])
  const [terms, setTerms] = useState<Terms>(federation ?? { issuer: '', jwksUrl: '', subject: '', audience: '' })
  const put = useWrite(`PUT ${PATH}`, [`GET ${PATH}`])
  const save = () => {
    const { issuer, jwksUrl, subject, audience } = terms
    put.mutate(
      { params: { connectionId }, body: { issuer, jwksUrl, subject, audience } },
      {
        onSuccess: () => {
          announce(t('shell:saved'))
          onClose()
        },
      },
    )
  }
  return (
    <Form gap="sm" onSubmit={save}>
      <Text size="sm" c="var(--quiet)">
        {t('federation.hint')}
      </Text>
      {FIELDS.map((name) => (
        <TextInput
          key={name}
          id={`federation-${name}`}
          label={t(`federation.${name}`)}
          required
          type={name === 'jwksUrl' ? 'url' : 'text'}
          value={terms[name]}
          onChange={(event) => setTerms({ ...terms, [name]: event.currentTarget.value })}
        />
      ))}
      <ProblemNote
        error={put.error}
        fields={Object.fromEntries(FIELDS.map((name) => [`body.${name}`, `federation-${name}`]))}
      />
      <FormButtons onCancel={onClose} isPending={put.isPending} />
    </Form>
  )
}
