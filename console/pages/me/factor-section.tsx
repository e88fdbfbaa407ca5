import { Button, Group, Modal, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { CircleAlert, CircleCheck } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useWrite } from '../../api/queries.js'
import type { Me } from '../../api/schema.js'
import { announce } from '../../parts/announce.js'
import { CopyField, SecretOnce } from '../../parts/copy.js'
import { Form } from '../../parts/form.js'
import { FormButtons } from '../../parts/form-buttons.js'
import { Mark } from '../../parts/marks.js'
import { Section } from '../../parts/page.js'
import { ProblemNote } from '../../parts/problem-note.js'

type Wish = 'set' | 'codes' | 'remove'

/** A code from an authenticator beside the password, and the codes for the day it is lost. */
export function FactorSection({ me: { secondFactor, password } }: { readonly me: Me }) {
  const { t } = useTranslation('me')
  const [wish, setWish] = useState<Wish>()
  const { enabled, recoveryCodesLeft } = secondFactor
  return (
    <Section title={t('factor')} lead={t('factorLead')}>
      <Stack gap="sm">
        <Group>
          <Mark tone={enabled ? 'good' : 'warn'} icon={enabled ? CircleCheck : CircleAlert}>
            {t(enabled ? 'factorOn' : 'factorOff')}
          </Mark>
          {enabled ? <Text size="sm">{t('codesLeft', { count: recoveryCodesLeft })}</Text> : null}
        </Group>
        {password.set ? (
          <Group gap="xs">
            <Button variant="default" size="compact-sm" onClick={() => setWish('set')}>
              {t(enabled ? 'factorChange' : 'factorSet')}
            </Button>
            {enabled ? (
              <>
                <Button variant="default" size="compact-sm" onClick={() => setWish('codes')}>
                  {t('codesRenew')}
                </Button>
                <Button variant="default" size="compact-sm" c="var(--bad)" onClick={() => setWish('remove')}>
                  {t('factorRemove')}
                </Button>
              </>
            ) : null}
          </Group>
        ) : (
          <Text size="sm">{t('factorNeedsPassword')}</Text>
        )}
      </Stack>
      {wish === undefined ? null : <FactorDialog wish={wish} onClose={() => setWish(undefined)} />}
    </Section>
  )
}

const TITLES = { set: 'factorSet', codes: 'codesRenew', remove: 'factorRemove' } as const

/** First the password again, then what is wished for. */
function FactorDialog({ wish, onClose }: { readonly wish: Wish; readonly onClose: () => void }) {
  const { t } = useTranslation(['me', 'shell'])
  const begin = useWrite('POST /me/second-factor')
  const confirm = useWrite('POST /me/second-factor/confirm', ['GET /me'])
  const renew = useWrite('POST /me/recovery-codes', ['GET /me'])
  const remove = useWrite('DELETE /me/second-factor', ['GET /me'])
  const codes = confirm.data?.recoveryCodes ?? renew.data?.recoveryCodes
  const withPassword = (password: string) => {
    if (wish === 'set') begin.mutate({ body: { password } })
    else if (wish === 'codes') renew.mutate({ body: { password } })
    else
      remove.mutate(
        { body: { password } },
        {
          onSuccess: () => {
            announce(t('factorRemoved'))
            onClose()
          },
        },
      )
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={t(TITLES[wish])}
      size="lg"
      closeButtonProps={{ 'aria-label': t('shell:close') }}
    >
      {codes !== undefined ? (
        <Codes codes={codes} onDone={onClose} />
      ) : begin.data !== undefined ? (
        <Scan made={begin.data} error={confirm.error} onCode={(code) => confirm.mutate({ body: { code } })} />
      ) : (
        <AskPassword
          text={wish === 'remove' ? t('factorRemoveText') : undefined}
          action={t(wish === 'remove' ? 'factorRemove' : 'goOn')}
          error={begin.error ?? renew.error ?? remove.error}
          isPending={begin.isPending || renew.isPending || remove.isPending}
          onPassword={withPassword}
        />
      )}
    </Modal>
  )
}

interface AskPasswordProps {
  readonly text: string | undefined
  readonly action: string
  readonly error: unknown
  readonly isPending: boolean
  readonly onPassword: (password: string) => void
}

function AskPassword({ text, action, error, isPending, onPassword }: AskPasswordProps) {
  const { t } = useTranslation('me')
  const [password, setPassword] = useState('')
  return (
    <Form onSubmit={() => onPassword(password)}>
      {text === undefined ? null : <Text size="sm">{text}</Text>}
      <PasswordInput
        label={t('current')}
        required
        data-autofocus
        autoComplete="current-password"
        visibilityToggleButtonProps={{ 'aria-label': t('showPassword') }}
        value={password}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
      <ProblemNote error={error} />
      <FormButtons action={action} isPending={isPending} />
    </Form>
  )
}

interface ScanProps {
  readonly made: { readonly secret: string; readonly qrSvg: string }
  readonly error: unknown
  readonly onCode: (code: string) => void
}

/** Scan, or type the secret, then prove it by a code. */
function Scan({ made, error, onCode }: ScanProps) {
  const { t } = useTranslation('me')
  const [code, setCode] = useState('')
  return (
    <Form onSubmit={() => onCode(code)}>
      <Text size="sm">{t('scan')}</Text>
      <Picture svg={made.qrSvg} />
      <CopyField label={t('factorSecret')} value={made.secret} />
      <TextInput
        label={t('code')}
        description={t('codeNote')}
        required
        data-autofocus
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={32}
        value={code}
        onChange={(event) => setCode(event.currentTarget.value)}
      />
      <ProblemNote error={error} />
      <FormButtons action={t('confirm')} />
    </Form>
  )
}

const SIZE = 200

/** A picture that the server drew. Scanners want dark on light, in either theme. */
function Picture({ svg }: { readonly svg: string }) {
  const { t } = useTranslation('me')
  return (
    <img
      src={`data:image/svg+xml,${encodeURIComponent(svg)}`}
      alt={t('picture')}
      width={SIZE}
      height={SIZE}
      style={{ padding: 12, background: '#fff', borderRadius: 8 }}
    />
  )
}

function Codes({ codes, onDone }: { readonly codes: readonly string[]; readonly onDone: () => void }) {
  const { t } = useTranslation('me')
  return (
    <Stack>
      <Text size="sm">{t('codesText')}</Text>
      <SecretOnce label={t('codes')} value={codes.join(' ')} note={t('codesNote')} />
      <Group justify="flex-end">
        <Button onClick={onDone}>{t('codesDone')}</Button>
      </Group>
    </Stack>
  )
}
