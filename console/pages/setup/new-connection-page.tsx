import { Group, Radio, Stack, TextInput } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useWrite } from '../../api/queries.js'
import type { Connection } from '../../api/schema.js'
import { BusyButton } from '../../parts/busy-button.js'
import { Form } from '../../parts/form.js'
import { Page, Section } from '../../parts/page.js'
import { ProblemNote } from '../../parts/problem-note.js'

const KINDS = ['okta', 'entra', 'generic'] as const satisfies readonly Connection['idpKind'][]

/** The first question of the set-up: from where do people come? Makes a draft (PRODUCT 4.1). */
export function NewConnectionPage() {
  const { t } = useTranslation(['setup', 'connections', 'shell'])
  const navigate = useNavigate()
  const [idpKind, setKind] = useState<Connection['idpKind']>('okta')
  const [typed, setTyped] = useState<string>()
  const name = typed ?? t(`new.names.${idpKind}`)
  const create = useWrite('POST /accounts/{accountId}/connections', ['GET /accounts/{accountId}/connections'])
  const begin = () =>
    create.mutate(
      { body: { name, idpKind } },
      {
        onSuccess: ({ id }) =>
          void navigate({ to: '/connections/$connectionId/setup', params: { connectionId: id }, replace: true }),
      },
    )
  return (
    <Page title={t('new.title')} lead={t('new.lead')}>
      <Form maw="40rem" onSubmit={begin}>
        <Section title={t('new.kind')}>
          <Radio.Group
            value={idpKind}
            onChange={(kind) => setKind(kind as Connection['idpKind'])}
            aria-label={t('new.kind')}
          >
            <Stack gap="sm">
              {KINDS.map((kind) => (
                <Radio
                  key={kind}
                  value={kind}
                  label={t(`connections:kind.${kind}`)}
                  description={t(`new.kinds.${kind}`)}
                />
              ))}
            </Stack>
          </Radio.Group>
        </Section>
        <TextInput
          id="connection-name"
          label={t('new.name')}
          description={t('new.nameNote')}
          required
          maxLength={128}
          value={name}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <ProblemNote error={create.error} fields={{ 'body.name': 'connection-name' }} />
        <Group>
          <BusyButton type="submit" busy={create.isPending}>
            {t('new.begin')}
          </BusyButton>
        </Group>
      </Form>
    </Page>
  )
}
