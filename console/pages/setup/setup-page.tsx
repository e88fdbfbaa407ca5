import { Button, Group, Skeleton, Stack, Text, Title } from '@mantine/core'
import { Link, useParams } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useRead } from '../../api/queries.js'
import type { Connection } from '../../api/schema.js'
import { useAddress } from '../../api/use-search.js'
import { Labelled } from '../../parts/labelled.js'
import { Page } from '../../parts/page.js'
import { ProblemNote } from '../../parts/problem-note.js'
import { ValueFields } from '../connections/values-section.js'
import { SelfTestSection } from './self-test.js'
import { StepList } from './step-list.js'
import { StepPart } from './step-part.js'
import { STEPS, type Step } from './steps.js'
import { useSetup } from './use-setup.js'
import { Watch } from './watch.js'

/** From nothing to the first person, step by step in the identity provider's own words (PRODUCT 4). */
export function SetupPage() {
  const { t } = useTranslation('setup')
  const { connectionId = '' } = useParams({ strict: false })
  const { data, error, refetch } = useRead('GET /accounts/{accountId}/connections/{connectionId}', {
    params: { connectionId },
  })
  if (data?.id === connectionId) return <Steps key={connectionId} connection={data} />
  return (
    <Page title={t('new.title')}>
      {error === null ? <Skeleton height="20rem" /> : <ProblemNote error={error} onRetry={() => void refetch()} />}
    </Page>
  )
}

function Steps({ connection }: { readonly connection: Connection }) {
  const { t } = useTranslation('setup')
  const [search] = useAddress()
  const { isSeen } = useSetup(connection)
  const steps = STEPS[connection.idpKind]
  const place = Math.max(
    0,
    steps.findIndex(({ key }) => key === search.step),
  )
  const step = steps[place]
  if (step === undefined) return null
  return (
    <Page
      title={t('title', { name: connection.name })}
      lead={t('lead')}
      actions={
        <Button
          variant="default"
          renderRoot={(props) => (
            <Link to="/connections/$connectionId" params={{ connectionId: connection.id }} {...props} />
          )}
        >
          {t('toConnection')}
        </Button>
      }
    >
      {/* On a phone what is to be done stands above the list of steps. */}
      <Group align="flex-end" gap="xl" wrap="wrap-reverse">
        <StepList connection={connection} current={step.key} isSeen={isSeen} />
        <div style={{ flex: '1 1 24rem', minWidth: 0 }}>
          <OneStep
            key={step.key}
            connection={connection}
            step={step}
            place={place}
            wasLinked={search.step !== undefined}
          />
        </div>
      </Group>
    </Page>
  )
}

interface OneStepProps {
  readonly connection: Connection
  readonly step: Step
  readonly place: number
  /** The step was chosen: its heading is where reading goes on. */
  readonly wasLinked: boolean
}

function OneStep({ connection, step, place, wasLinked }: OneStepProps) {
  const { t } = useTranslation('setup')
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (wasLinked) heading.current?.focus({ preventScroll: true })
  }, [wasLinked])
  const steps = STEPS[connection.idpKind]
  const words = `${connection.idpKind}.${step.key}`
  const lines = t(`${words}.do`, { returnObjects: true }) as string[]
  return (
    <Stack gap="md">
      <div>
        <Text size="sm" c="var(--quiet)">
          {t('step', { number: place + 1, total: steps.length })}
        </Text>
        <Title order={2} size="h3" ref={heading} tabIndex={-1} style={{ outline: 'none' }}>
          {t(`${words}.title`)}
        </Title>
        {step.signIn ? (
          <Text size="sm" c="var(--quiet)">
            {t('forSignIn')}
          </Text>
        ) : null}
      </div>
      <Stack component="ol" gap={6} m={0} pl="1.25rem">
        {lines.map((line) => (
          <li key={line}>
            <Labelled text={line} />
          </li>
        ))}
      </Stack>
      {step.values === undefined ? null : <ValueFields connection={connection} names={step.values} />}
      <StepPart connection={connection} step={step} />
      {step.watch ? <Watch connection={connection} /> : null}
      {step.part === 'token' ? <SelfTestSection connection={connection} /> : null}
      <Group justify="space-between">
        <StepButton connection={connection} step={steps[place - 1]} text={t('back')} />
        <StepButton connection={connection} step={steps[place + 1]} text={t('next')} isNext />
      </Group>
    </Stack>
  )
}

interface StepButtonProps {
  readonly connection: Connection
  readonly step: Step | undefined
  readonly text: string
  readonly isNext?: boolean
}

function StepButton({ connection, step, text, isNext = false }: StepButtonProps) {
  if (step === undefined) return <span />
  return (
    <Button
      variant={isNext ? 'filled' : 'default'}
      renderRoot={(props) => (
        <Link
          to="/connections/$connectionId/setup"
          params={{ connectionId: connection.id }}
          search={{ step: step.key }}
          {...props}
        />
      )}
    >
      {text}
    </Button>
  )
}
