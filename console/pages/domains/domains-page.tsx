import { Group, Skeleton, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useList, useWrite } from '../../api/queries.js'
import { useMay } from '../../api/session.js'
import { BusyButton } from '../../parts/busy-button.js'
import { Empty } from '../../parts/empty.js'
import { Form } from '../../parts/form.js'
import { Page, Section } from '../../parts/page.js'
import { ProblemNote } from '../../parts/problem-note.js'
import { DomainSection } from './domain-section.js'

const DOMAINS = '/accounts/{accountId}/domains'

/** Mail domains of the account: proven by a TXT record, and how their people sign in. */
export function DomainsPage() {
  const { t } = useTranslation('domains')
  const mayManage = useMay()('account.manage')
  const { rows, error, isPending, refetch } = useList(`GET ${DOMAINS}`)
  return (
    <Page title={t('title')} lead={t('lead')}>
      {mayManage ? <AddDomain /> : null}
      {isPending ? <Skeleton height="10rem" /> : null}
      <ProblemNote error={error} onRetry={() => void refetch()} />
      {rows?.length === 0 ? <Empty title={t('empty.title')}>{t('empty.text')}</Empty> : null}
      <Stack gap="lg">
        {rows?.map((domain) => (
          <DomainSection key={domain.name} domain={domain} mayManage={mayManage} />
        ))}
      </Stack>
    </Page>
  )
}

function AddDomain() {
  const { t } = useTranslation('domains')
  const [name, setName] = useState('')
  const add = useWrite(`POST ${DOMAINS}`, [`GET ${DOMAINS}`])
  return (
    <Section title={t('add')}>
      <Form gap="sm" onSubmit={() => add.mutate({ body: { name } }, { onSuccess: () => setName('') })}>
        <Group align="flex-end" gap="sm">
          <TextInput
            id="domain-name"
            label={t('name')}
            placeholder={t('namePlaceholder')}
            required
            autoCapitalize="none"
            spellCheck={false}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            style={{ flex: '0 1 22rem' }}
          />
          <BusyButton type="submit" busy={add.isPending}>
            {t('add')}
          </BusyButton>
        </Group>
        <ProblemNote error={add.error} fields={{ 'body.name': 'domain-name' }} />
      </Form>
    </Section>
  )
}
