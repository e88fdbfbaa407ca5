import { Alert, Anchor, Group, Text } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { CircleAlert, TriangleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Event } from '../../api/schema.js'
import { useCode } from '../../parts/problem-note.js'
import { shortened } from '../../parts/sentence.js'
import { menderOf } from './who-mends.js'

/** What went wrong, what to do about it and who can (PRODUCT 3.2, 3.5); nothing where nothing did. */
export function Cause({ event }: { readonly event: Event }) {
  const { t } = useTranslation(['log', 'events'])
  const textOf = useCode()
  const { code, message, outcome, connectionId } = event
  if (code === undefined) return null
  const { title, next } = textOf(code)
  const mender = menderOf(code)
  const place = placeOf(code, connectionId)
  const failed = outcome === 'failure'
  return (
    <Alert
      color={failed ? 'red' : 'yellow'}
      variant="outline"
      icon={failed ? <CircleAlert aria-hidden /> : <TriangleAlert aria-hidden />}
      title={title}
    >
      <Text size="sm">{next}</Text>
      {mender === undefined ? null : (
        <Text size="sm" fw={550} mt={4}>
          {t(`events:who.${mender}`)}
        </Text>
      )}
      {message === undefined ? null : (
        <Text size="sm" c="var(--quiet)" mt={6} lang="en">
          <bdi>{shortened(message, 600)}</bdi>
        </Text>
      )}
      <Group gap="md" mt={6}>
        {place === undefined ? null : (
          <Anchor
            size="sm"
            renderRoot={(props) => <Link to={place.to} search={{ tab: place.tab } as never} {...props} />}
          >
            {t(`detail.${place.text}`)}
          </Anchor>
        )}
        <Anchor size="sm" renderRoot={(props) => <Link to={'/codes' as string} hash={code} {...props} />}>
          {t('detail.aboutCode', { code })}
        </Anchor>
      </Group>
      <OtherWarnings event={event} />
    </Alert>
  )
}

/** What else was noticed, beside the first. */
function OtherWarnings({ event: { code, message, warnings } }: { readonly event: Event }) {
  const { t } = useTranslation('log')
  const textOf = useCode()
  const others = warnings.filter((warning) => warning.code !== code || warning.message !== message)
  if (others.length === 0) return null
  return (
    <>
      <Text size="sm" fw={550} mt="xs">
        {t('detail.warnings')}
      </Text>
      <ul style={{ margin: 0, paddingInlineStart: '1.25rem' }}>
        {others.map((warning) => (
          <Text component="li" size="sm" key={`${warning.code} ${warning.message}`}>
            {textOf(warning.code).title}:{' '}
            <span lang="en">
              <bdi>{shortened(warning.message, 300)}</bdi>
            </span>
          </Text>
        ))}
      </ul>
    </>
  )
}

const SIGN_IN = new Set([
  'bad_signature',
  'wrong_issuer',
  'wrong_audience',
  'unsolicited',
  'weak_algorithm',
  'no_identifier',
])
const TOKENS = new Set(['token_unknown', 'token_expired', 'secret_unknown', 'secret_expired', 'expiring', 'expired'])

interface Place {
  /** Key of its text below `detail`. */
  readonly text: string
  readonly to: string
  readonly tab?: string
}

/** Where in this console something can be done about a code. */
function placeOf(code: string, connectionId: string | undefined): Place | undefined {
  if (code === 'user_exists_local') return { text: 'openMatches', to: '/match-requests' }
  if (code === 'no_seat' || code === 'no_seat_reject') return { text: 'openProducts', to: '/products' }
  if (code === 'rule_broken' || code === 'mapping_failed') return { text: 'openRules', to: '/rules' }
  if (connectionId === undefined) return undefined
  const connection = `/connections/${connectionId}`
  if (SIGN_IN.has(code)) return { text: 'openSignIn', to: `${connection}/sign-in` }
  if (TOKENS.has(code)) return { text: 'openTokens', to: connection, tab: 'tokens' }
  return code === 'connection_disabled' ? { text: 'openConnection', to: connection } : undefined
}
