import { Button, Group, Stack, Switch, Text } from '@mantine/core'
import { CircleCheck, CircleDashed } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useWrite } from '../../api/queries.js'
import type { Domain } from '../../api/schema.js'
import { announce } from '../../parts/announce.js'
import { BusyButton } from '../../parts/busy-button.js'
import { Confirm } from '../../parts/confirm.js'
import { CopyField } from '../../parts/copy.js'
import { Mark } from '../../parts/marks.js'
import { Section } from '../../parts/page.js'
import { ProblemNote } from '../../parts/problem-note.js'
import { When } from '../../parts/when.js'

const DOMAINS = '/accounts/{accountId}/domains'

interface DomainProps {
  readonly domain: Domain
  readonly mayManage: boolean
}

/** One domain: its proof, and how its people sign in. */
export function DomainSection({ domain, mayManage }: DomainProps) {
  const { t } = useTranslation('domains')
  const [removing, setRemoving] = useState(false)
  const { name, state, verifiedAt } = domain
  const remove = useWrite(`DELETE ${DOMAINS}/{name}`, [`GET ${DOMAINS}`])
  const verified = state === 'verified'
  return (
    <Section
      title={name}
      actions={
        mayManage ? (
          <Button variant="default" size="xs" onClick={() => setRemoving(true)} aria-label={t('removeOf', { name })}>
            {t('remove')}
          </Button>
        ) : undefined
      }
    >
      <Stack gap="sm">
        <div>
          <Mark tone={verified ? 'good' : 'quiet'} icon={verified ? CircleCheck : CircleDashed}>
            {t(state)}
          </Mark>{' '}
          {verifiedAt === null ? null : (
            <Text span size="sm" c="var(--quiet)">
              {t('verifiedSince')} <When at={verifiedAt} full />
            </Text>
          )}
        </div>
        {verified ? <SsoRequired domain={domain} mayManage={mayManage} /> : null}
        {!verified && mayManage ? <Proof domain={domain} /> : null}
      </Stack>
      <Confirm
        opened={removing}
        onClose={() => setRemoving(false)}
        title={t('removeTitle', { name })}
        action={t('remove')}
        {...(verified ? { typed: name } : {})}
        onConfirm={() => remove.mutateAsync({ params: { name } })}
      >
        <Text size="sm">{t('removeText')}</Text>
      </Confirm>
    </Section>
  )
}

/** The record to copy, and the question whether it is seen. */
function Proof({ domain: { name, txtName, txtRecord } }: { readonly domain: Domain }) {
  const { t } = useTranslation('domains')
  const verify = useWrite(`POST ${DOMAINS}/{name}/verify`, [`GET ${DOMAINS}`])
  const check = () => verify.mutate({ params: { name } }, { onSuccess: () => announce(t('found', { name })) })
  return (
    <>
      <Text size="sm">{t('txt', { name })}</Text>
      <CopyField label={t('txtName')} value={txtName} />
      <CopyField label={t('txtValue')} value={txtRecord} />
      <Group>
        <BusyButton onClick={check} busy={verify.isPending}>
          {t('verify')}
        </BusyButton>
      </Group>
      <ProblemNote error={verify.error} />
    </>
  )
}

/** Switched on only after its consequence was read. */
function SsoRequired({ domain: { name, ssoRequired }, mayManage }: DomainProps) {
  const { t } = useTranslation('domains')
  const [asking, setAsking] = useState(false)
  const change = useWrite(`PATCH ${DOMAINS}/{name}`, [`GET ${DOMAINS}`])
  const setting = (ssoRequired: boolean) => ({ params: { name }, body: { ssoRequired } })
  return (
    <>
      <Switch
        label={t('ssoRequired')}
        description={t('ssoRequiredNote')}
        checked={ssoRequired}
        disabled={!mayManage || change.isPending}
        onChange={({ currentTarget: { checked } }) => (checked ? setAsking(true) : change.mutate(setting(false)))}
      />
      {change.error === null || asking ? null : <ProblemNote error={change.error} />}
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title={t('ssoOn', { name })}
        action={t('ssoOnAction')}
        onConfirm={() => change.mutateAsync(setting(true))}
      >
        <Text size="sm">{t('ssoOnText', { name })}</Text>
      </Confirm>
    </>
  )
}
