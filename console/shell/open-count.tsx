import { useTranslation } from 'react-i18next'
import { useRead } from '../api/queries.js'
import { useMay } from '../api/session.js'

const MOST = 99
const MINUTE_MS = 60_000

/** How many match requests wait for a decision; nothing where none does. */
export function OpenMatchRequests() {
  const { t } = useTranslation()
  const may = useMay()
  const { data } = useRead(
    'GET /accounts/{accountId}/match-requests',
    { query: { state: 'open', limit: MOST + 1 } },
    { enabled: may('users.view'), refetchInterval: MINUTE_MS },
  )
  const count = data?.items.length ?? 0
  if (count === 0) return null
  return (
    <span
      className="number"
      style={{
        padding: '0 7px',
        borderRadius: 999,
        background: 'var(--warn)',
        color: 'var(--paper)',
        fontSize: '0.75rem',
        fontWeight: 650,
        lineHeight: '1.25rem',
      }}
    >
      <span aria-hidden>{count > MOST ? `${MOST}+` : count}</span>
      <span className="unseen">{t('nav.open', { count })}</span>
    </span>
  )
}
