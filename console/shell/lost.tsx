import { Anchor } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Empty } from '../parts/empty.js'
import { Page } from '../parts/page.js'

/** An address that leads nowhere. */
export function Lost() {
  const { t } = useTranslation()
  return (
    <Page title={t('lost.title')}>
      <Empty title={t('lost.nothing')}>
        <Anchor component={Link} to="/">
          {t('lost.home')}
        </Anchor>
      </Empty>
    </Page>
  )
}
