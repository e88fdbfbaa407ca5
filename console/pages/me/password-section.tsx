import { Group, PasswordInput, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useWrite } from '../../api/queries.js'
import type { Me } from '../../api/schema.js'
import { announce } from '../../parts/announce.js'
import { BusyButton } from '../../parts/busy-button.js'
import { Form } from '../../parts/form.js'
import { Section } from '../../parts/page.js'
import { ProblemNote } from '../../parts/problem-note.js'
import { When } from '../../parts/when.js'

/** Set or change the password, which ends all other sessions. */
export function PasswordSection({ me: { password, email } }: { readonly me: Me }) {
  const { t } = useTranslation('me')
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const { mutate, error, isPending } = useWrite('POST /me/password', ['GET /me'])
  const toggle = { 'aria-label': t('showPassword') }
  return (
    <Section
      title={t('password')}
      lead={
        password.changedAt === null ? (
          t('passwordNone')
        ) : (
          <>
            {t('passwordChanged')} <When at={password.changedAt} />
          </>
        )
      }
    >
      <Form
        maw="28rem"
        onSubmit={() => {
          const body = password.set ? { current, password: next } : { password: next }
          mutate(
            { body },
            {
              onSuccess: () => {
                setCurrent('')
                setNext('')
                announce(t('passwordSaved'))
              },
            },
          )
        }}
      >
        {/* A password manager stores a password under the name that stands before it. */}
        <input type="text" hidden readOnly autoComplete="username" value={email ?? ''} />
        {password.set ? (
          <PasswordInput
            label={t('current')}
            required
            autoComplete="current-password"
            visibilityToggleButtonProps={toggle}
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
          />
        ) : null}
        <PasswordInput
          label={t('next')}
          description={t('nextNote')}
          required
          minLength={12}
          maxLength={256}
          autoComplete="new-password"
          visibilityToggleButtonProps={toggle}
          value={next}
          onChange={(event) => setNext(event.currentTarget.value)}
        />
        <Text size="sm" c="var(--quiet)">
          {t('othersEnd')}
        </Text>
        <ProblemNote error={error} />
        <Group>
          <BusyButton type="submit" busy={isPending}>
            {t(password.set ? 'changePassword' : 'setPassword')}
          </BusyButton>
        </Group>
      </Form>
    </Section>
  )
}
