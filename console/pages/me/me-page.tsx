import { Group, Select, Skeleton, Stack, Text, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useRead, useWrite } from '../../api/queries.js'
import type { Me } from '../../api/schema.js'
import { SESSION_KEY } from '../../api/session.js'
import { announce } from '../../parts/announce.js'
import { BusyButton } from '../../parts/busy-button.js'
import { Form } from '../../parts/form.js'
import { Page, Section } from '../../parts/page.js'
import { ProblemNote } from '../../parts/problem-note.js'
import { changeLanguage, firstLanguage, LANGUAGES, type Language } from '../../texts/i18n.js'
import { FactorSection } from './factor-section.js'
import { PasswordSection } from './password-section.js'
import { SessionsSection } from './sessions-section.js'

/** What is kept of whoever looks: name, language, password, second factor, sessions. */
export function MePage() {
  const { t } = useTranslation('me')
  const { data, error, refetch } = useRead('GET /me')
  return (
    <Page title={t('title')} lead={data?.email ?? undefined}>
      {data !== undefined ? (
        <Stack gap="lg">
          <Profile me={data} />
          {data.directoryManaged ? null : (
            <>
              <PasswordSection me={data} />
              <FactorSection me={data} />
            </>
          )}
          <SessionsSection />
        </Stack>
      ) : error === null ? (
        <Skeleton height={420} />
      ) : (
        <ProblemNote error={error} onRetry={() => void refetch()} />
      )}
    </Page>
  )
}

const NAMES = ['givenName', 'familyName', 'displayName'] as const

function Profile({ me }: { readonly me: Me }) {
  const { t } = useTranslation(['me', 'shell'])
  const client = useQueryClient()
  const [draft, setDraft] = useState({
    givenName: me.givenName ?? '',
    familyName: me.familyName ?? '',
    displayName: me.displayName,
    language: firstLanguage(me.language),
  })
  const { mutate, error, isPending } = useWrite('PATCH /me', ['GET /me'])
  const save = () => {
    const { language, ...names } = draft
    const body = me.directoryManaged ? { language } : { language, ...names }
    mutate(
      { body },
      {
        onSuccess: () => {
          void client.invalidateQueries({ queryKey: SESSION_KEY })
          void changeLanguage(language).then(() => announce(t('shell:saved')))
        },
      },
    )
  }
  return (
    <Section title={t('profile')}>
      <Form maw="28rem" onSubmit={save}>
        {me.directoryManaged ? <Text size="sm">{t('managed', { name: me.displayName })}</Text> : null}
        {me.directoryManaged
          ? null
          : NAMES.map((name) => (
              <TextInput
                key={name}
                id={`me-${name}`}
                label={t(name)}
                required={name !== 'displayName'}
                autoComplete={{ givenName: 'given-name', familyName: 'family-name', displayName: 'name' }[name]}
                value={draft[name]}
                onChange={(event) => setDraft({ ...draft, [name]: event.currentTarget.value })}
              />
            ))}
        <Select
          label={t('language')}
          description={t('languageNote')}
          allowDeselect={false}
          value={draft.language}
          data={Object.entries(LANGUAGES).map(([value, label]) => ({ value, label }))}
          onChange={(language) => setDraft({ ...draft, language: (language ?? 'en') as Language })}
        />
        <ProblemNote error={error} fields={FIELDS} />
        <Group>
          <BusyButton type="submit" busy={isPending}>
            {t('shell:save')}
          </BusyButton>
        </Group>
      </Form>
    </Section>
  )
}

const FIELDS = Object.fromEntries(NAMES.map((name) => [`body.${name}`, `me-${name}`]))
