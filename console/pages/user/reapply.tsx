import { Button, Group, List, Modal, Skeleton, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useCatalogue } from '../../api/catalogue.js'
import { call } from '../../api/client.js'
import { useWrite } from '../../api/queries.js'
import type { RulePreview, UserDetail } from '../../api/schema.js'
import { useSession } from '../../api/session.js'
import { announce } from '../../parts/announce.js'
import { BusyButton } from '../../parts/busy-button.js'
import { ProblemNote } from '../../parts/problem-note.js'
import { STALE } from './stale.js'

interface ReapplyProps {
  readonly user: UserDetail
  readonly onClose: () => void
}

/** Run the rules again for one person: first what would come of it, then doing it. */
export function Reapply({ user, onClose }: ReapplyProps) {
  const { t } = useTranslation(['people', 'shell'])
  const { data, error, refetch } = usePreview(user)
  const apply = useWrite('POST /accounts/{accountId}/users/{userId}/reapply', STALE)
  const run = () =>
    apply.mutate(
      { params: { userId: user.id } },
      {
        onSuccess: ({ effects }) => {
          announce(t('reapply.done', { count: effects.length }))
          onClose()
        },
      },
    )
  return (
    <Modal opened onClose={onClose} title={t('action.reapply')} closeButtonProps={{ 'aria-label': t('shell:close') }}>
      <Stack>
        <Text size="sm">{t('reapply.lead')}</Text>
        <div aria-live="polite">
          {data === undefined ? (
            error === null ? (
              <Skeleton height={24} />
            ) : (
              <ProblemNote error={error} onRetry={() => void refetch()} />
            )
          ) : (
            <Changes items={data.items} />
          )}
        </div>
        <ProblemNote error={apply.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('shell:cancel')}
          </Button>
          <BusyButton busy={apply.isPending} disabled={data === undefined} onClick={run}>
            {t('reapply.apply')}
          </BusyButton>
        </Group>
      </Stack>
    </Modal>
  )
}

/** The rules as they are, tried on her: nothing is written. */
function usePreview({ id, connectionId }: UserDetail) {
  const { account } = useSession()
  return useQuery({
    queryKey: ['reapply-preview', id],
    queryFn: ({ signal }) =>
      call(account.id, 'POST /accounts/{accountId}/connections/{connectionId}/rules/preview', {
        params: { connectionId: connectionId ?? '' },
        body: { who: { userId: id } },
        signal,
      }),
    gcTime: 0,
    staleTime: 0,
  })
}

function Changes({ items }: { readonly items: RulePreview['items'] }) {
  const { t } = useTranslation('people')
  const { roleName, productName } = useCatalogue()
  if (items.length === 0) return <Text size="sm">{t('reapply.nothing')}</Text>
  return (
    <List size="sm">
      {items.map(({ field, product = '', change, now, after, seat }) => (
        <List.Item key={`${field} ${product}`}>
          {field === 'role'
            ? t('reapply.role', { now: roleName(String(now)), after: roleName(String(after)) })
            : t(`reapply.product.${change}`, { product: productName(product) })}
          {seat?.after == null ? null : ` ${t('reapply.seat', { state: t(`license.${seat.after}`) })}`}
        </List.Item>
      ))}
    </List>
  )
}
