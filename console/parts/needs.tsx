import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Permission } from '../api/schema.js'
import { SESSION_KEY, useMay } from '../api/session.js'
import { Empty } from './empty.js'
import { Page } from './page.js'

interface NeedsProps {
  readonly permission: Permission
  readonly title: string
  readonly children: ReactNode
}

/** A page that not everybody may see. Who loses the right while looking is told, and goes on once it is hers again. */
export function Needs({ permission, title, children }: NeedsProps) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const may = useMay()
  if (may(permission)) return children
  return (
    <Page title={title}>
      <Empty title={t('needs.title')}>
        <p>{t('needs.text', { permission })}</p>
        <Button variant="default" size="xs" onClick={() => void client.invalidateQueries({ queryKey: SESSION_KEY })}>
          {t('needs.again')}
        </Button>
      </Empty>
    </Page>
  )
}
