import { Button, Stack, Text } from '@mantine/core'
import { Undo2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { mayAdminister, useCatalogue, useRules } from '../../api/catalogue.js'
import { useWrite } from '../../api/queries.js'
import type { Grant, UserDetail } from '../../api/schema.js'
import { useMay, useSession } from '../../api/session.js'
import { announce } from '../../parts/announce.js'
import { BusyButton } from '../../parts/busy-button.js'
import { LongText } from '../../parts/long-text.js'
import { Section } from '../../parts/page.js'
import { ProblemNote } from '../../parts/problem-note.js'
import { When } from '../../parts/when.js'
import { GrantForm, type GrantWish } from './grant-form.js'
import { LicenseTable } from './license-table.js'
import { SourceNote } from './source-note.js'
import { STALE } from './stale.js'

/** Role and licenses of a person with their sources, and what was decided by hand (PRODUCT 2.6, 2.8). */
export function AccessTab({ user }: { readonly user: UserDetail }) {
  const { t } = useTranslation('people')
  const may = useMay()
  const { user: me } = useSession()
  const { roleName } = useCatalogue()
  const rules = useRules(user.connectionId === null ? [] : [user.connectionId])
  const [wish, setWish] = useState<GrantWish>()
  const change = may('users.edit') && user.status !== 'deleted' && mayAdminister(me.role, user) ? setWish : undefined
  const byHand = user.grants.filter(({ source }) => source === 'manual')
  return (
    <Stack gap="lg">
      <Section
        title={t('column.role')}
        actions={
          change !== undefined && may('roles.assign.any') ? (
            <Button variant="default" size="xs" onClick={() => change({ kind: 'role', effect: 'allow' })}>
              {t('access.changeRole')}
            </Button>
          ) : undefined
        }
      >
        <Text component="div">
          <b>
            <LongText text={roleName(user.role.key)} />
          </b>{' '}
          <Text span c="var(--quiet)">
            ·
          </Text>{' '}
          <SourceNote {...user.role} rules={rules} />
        </Text>
      </Section>
      <Section title={t('access.licenses')} lead={t('access.licensesLead')}>
        <LicenseTable user={user} rules={rules} change={change} />
      </Section>
      {byHand.length === 0 ? null : (
        <Section title={t('access.byHand')} lead={user.connectionId === null ? undefined : t('access.overrides')}>
          <ByHand user={user} grants={byHand} mayUndo={change !== undefined} />
        </Section>
      )}
      {wish === undefined ? null : <GrantForm user={user} wish={wish} onClose={() => setWish(undefined)} />}
    </Stack>
  )
}

interface ByHandProps {
  readonly user: UserDetail
  readonly grants: readonly Grant[]
  readonly mayUndo: boolean
}

/** What administrators gave or withheld: what, why, who, until when, and one click that takes it back. */
function ByHand({ user, grants, mayUndo }: ByHandProps) {
  const { t } = useTranslation('people')
  const { roleName, productName } = useCatalogue()
  const undo = useWrite('DELETE /accounts/{accountId}/users/{userId}/grants/{kind}/{key}', STALE)
  const nameOf = ({ kind, value }: Grant) => (kind === 'role' ? roleName(value) : productName(value))
  const sentence = (grant: Grant) => t(`access.${grant.kind}.${grant.effect}`, { name: nameOf(grant) })
  const takeBack = (grant: Grant) =>
    undo.mutate(
      { params: { userId: user.id, kind: grant.kind, key: grant.value } },
      { onSuccess: () => announce(t('access.undone', { what: sentence(grant) })) },
    )
  return (
    <>
      <ProblemNote error={undo.error} />
      <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: 'none' }}>
        {grants.map((grant) => (
          <li
            key={`${grant.kind} ${grant.value}`}
            style={{ display: 'flex', gap: '0.75rem', flexWrap: 'wrap', alignItems: 'flex-start' }}
          >
            <div style={{ flex: '1 1 16rem', minWidth: 0 }}>
              <Text fw={550}>
                <LongText text={sentence(grant)} />
              </Text>
              {grant.reason === null ? null : (
                <Text size="sm">
                  <LongText text={grant.reason} />
                </Text>
              )}
              <Text size="sm" c="var(--quiet)">
                {grant.actor === null ? null : <bdi>{grant.actor.label}</bdi>} <When at={grant.createdAt} />
                {grant.expiresAt === null ? null : (
                  <>
                    {' · '}
                    {t('access.until')} <When at={grant.expiresAt} full />
                  </>
                )}
              </Text>
            </div>
            {mayUndo ? (
              <BusyButton
                variant="default"
                size="xs"
                leftSection={<Undo2 size={14} aria-hidden />}
                busy={undo.isPending && undo.variables?.params?.key === grant.value}
                onClick={() => takeBack(grant)}
                aria-label={t('access.undoOf', { what: sentence(grant) })}
              >
                {t('access.undo')}
              </BusyButton>
            ) : null}
          </li>
        ))}
      </Stack>
    </>
  )
}
