import { Alert, Button, Group, NativeSelect, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { problemOf, useWrite } from '../../api/queries.js'
import type { SamlPreview } from '../../api/schema.js'
import { announce } from '../../parts/announce.js'
import { BusyButton } from '../../parts/busy-button.js'
import { Form } from '../../parts/form.js'
import { ProblemNote } from '../../parts/problem-note.js'
import { Difference } from './difference.js'
import { type Given, inputOf, NOTHING_GIVEN } from './idp-given.js'
import { FIELD_IDS, GivenFields } from './idp-given-fields.js'
import { SAML } from './use-saml.js'
import { Warnings } from './warnings.js'

interface IdpImportProps {
  readonly connectionId: string
  readonly onDone?: () => void
}

/** Metadata in: given in one of three ways, looked at with its difference, and stored only then. */
export function IdpImport({ connectionId, onDone }: IdpImportProps) {
  const { t } = useTranslation('sso')
  const [given, setGiven] = useState<Given>(NOTHING_GIVEN)
  const [seen, setSeen] = useState<SamlPreview>()
  const preview = useWrite(`POST ${SAML}/preview`)
  const choices = entityIdsOf(preview.error)
  const look = () => preview.mutate({ params: { connectionId }, body: inputOf(given) }, { onSuccess: setSeen })
  if (seen !== undefined)
    return (
      <Seen
        connectionId={connectionId}
        given={given}
        seen={seen}
        onBack={() => setSeen(undefined)}
        onDone={() => onDone?.()}
      />
    )
  return (
    <Form gap="md" onSubmit={look}>
      <GivenFields given={given} onChange={(changes) => setGiven({ ...given, ...changes })} />
      {choices === undefined ? null : (
        <NativeSelect
          label={t('import.which')}
          value={given.idpEntityId}
          onChange={(event) => setGiven({ ...given, idpEntityId: event.currentTarget.value })}
          data={['', ...choices]}
        />
      )}
      {preview.error === null || choices !== undefined ? null : (
        <ProblemNote error={preview.error} fields={FIELD_IDS} />
      )}
      <Group gap="sm">
        <BusyButton type="submit" busy={preview.isPending}>
          {t('import.look')}
        </BusyButton>
        <Text size="sm" c="var(--quiet)">
          {t('import.lookNote')}
        </Text>
      </Group>
    </Form>
  )
}

/** Those to choose from, where the metadata describes several. */
function entityIdsOf(error: unknown): readonly string[] | undefined {
  if (error === null) return undefined
  const { entityIds } = problemOf(error) as { readonly entityIds?: unknown }
  return Array.isArray(entityIds) ? entityIds.map(String) : undefined
}

interface SeenProps {
  readonly connectionId: string
  readonly given: Given
  readonly seen: SamlPreview
  readonly onBack: () => void
  readonly onDone: () => void
}

function Seen({ connectionId, given, seen, onBack, onDone }: SeenProps) {
  const { t } = useTranslation('sso')
  const put = useWrite(`PUT ${SAML}`, [`GET ${SAML}`, 'GET /accounts/{accountId}/connections/{connectionId}/health'])
  const stored = () => {
    announce(t('import.stored'))
    onDone()
  }
  const store = () => put.mutate({ params: { connectionId }, body: inputOf(given) }, { onSuccess: stored })
  return (
    <Stack gap="md">
      <Text fw={600}>{t('import.preview')}</Text>
      {seen.difference.needsApproval ? (
        <Alert color="yellow" variant="outline" role="alert" title={t('import.approval')} />
      ) : null}
      <Warnings warnings={seen.warnings} />
      <Difference difference={seen.difference} />
      <ProblemNote error={put.error} />
      <Group>
        <BusyButton onClick={store} busy={put.isPending}>
          {t('import.store')}
        </BusyButton>
        <Button variant="default" onClick={onBack}>
          {t('import.again')}
        </Button>
      </Group>
    </Stack>
  )
}
