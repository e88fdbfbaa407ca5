import { CircleAlert, CircleCheck, CirclePause } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Webhook } from '../../api/schema.js'
import { Mark } from '../../parts/marks.js'

/** Whether a webhook is sent anything, and how that goes. */
export function WebhookState({ webhook }: { readonly webhook: Webhook }) {
  const { t } = useTranslation('webhooks')
  if (!webhook.enabled)
    return (
      <Mark tone={webhook.disabledReason === 'administrator' ? 'quiet' : 'bad'} icon={CirclePause}>
        {t(`off.${webhook.disabledReason ?? 'administrator'}`)}
      </Mark>
    )
  return webhook.failingSince === null ? (
    <Mark tone="good" icon={CircleCheck}>
      {t('on')}
    </Mark>
  ) : (
    <Mark tone="bad" icon={CircleAlert}>
      {t('failing')}
    </Mark>
  )
}
