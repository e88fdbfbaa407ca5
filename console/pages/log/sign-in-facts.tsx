import { Table, Text } from '@mantine/core'
import { CircleAlert, CircleCheck } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Event } from '../../api/schema.js'
import { HeadRow } from '../../parts/head-row.js'
import { Mark } from '../../parts/marks.js'
import { shortened } from '../../parts/sentence.js'
import { Duration } from './cells.js'
import { Scrolled } from './changes.js'
import { FactList } from './facts.js'
import { Part } from './part.js'

const SECOND_MS = 1_000

/** A sign-in: what was checked, and what was expected against what came (PRODUCT 3.3). */
export function SignInFacts({ event: { signIn } }: { readonly event: Event }) {
  const { t } = useTranslation(['log', 'events'])
  const skew = useSkew(signIn?.skewMs)
  if (signIn === undefined) return null
  const { checks = [], expected, received, certificate, attributes, assertionAgeMs } = signIn
  return (
    <>
      {expected === undefined && received === undefined ? null : (
        <Part title={t('signIn.compare')}>
          <FactList
            facts={[
              [t('signIn.expected'), expected && <Compared key="expected" text={expected} />],
              [t('signIn.received'), received && <Compared key="received" text={received} />],
            ]}
          />
        </Part>
      )}
      {checks.length === 0 ? null : (
        <Part title={t('signIn.title')}>
          <Scrolled label={t('signIn.title')}>
            <HeadRow heads={[t('signIn.check'), t('signIn.result')]} />
            <Table.Tbody>
              {checks.map(({ check, passed }) => (
                <Table.Tr key={check}>
                  <Table.Th scope="row" fw={400}>
                    {t(`events:check.${check}`)}
                  </Table.Th>
                  <Table.Td>
                    <Mark tone={passed ? 'good' : 'bad'} icon={passed ? CircleCheck : CircleAlert}>
                      {t(passed ? 'signIn.passed' : 'signIn.failed')}
                    </Mark>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Scrolled>
        </Part>
      )}
      <FactList
        facts={[
          [t('signIn.flow'), t(`events:flow.${signIn.flow}`)],
          [t('signIn.nameId'), signIn.nameId && shortened(signIn.nameId, 300)],
          [t('signIn.age'), assertionAgeMs === undefined ? undefined : <Duration key="age" ms={assertionAgeMs} />],
          [t('signIn.ahead'), skew],
          [t('signIn.certificate'), certificate && <code key="certificate">{certificate}</code>],
          [t('signIn.attributes'), attributes && shortened(attributes.join(', '), 600)],
        ]}
      />
    </>
  )
}

function Compared({ text }: { readonly text: string }) {
  return (
    <Text span size="sm" className="mono">
      <bdi>{shortened(text, 1_000)}</bdi>
    </Text>
  )
}

/** How the clock of the identity provider goes, where it differs by a second or more. */
function useSkew(ms: number | undefined): string | undefined {
  const { t, i18n } = useTranslation('log')
  if (ms === undefined || Math.abs(ms) < SECOND_MS) return undefined
  const seconds = new Intl.NumberFormat(i18n.language).format(Math.round(Math.abs(ms) / SECOND_MS))
  return t(ms > 0 ? 'signIn.aheadBy' : 'signIn.behindBy', { seconds })
}
