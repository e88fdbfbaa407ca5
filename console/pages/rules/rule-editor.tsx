import { Alert, Button, Group, Stack, Switch, Text, Textarea } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { CircleAlert } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Connection, Rule } from '../../api/schema.js'
import { announce } from '../../parts/announce.js'
import { BusyButton } from '../../parts/busy-button.js'
import { Conflict } from '../../parts/conflict.js'
import { Form } from '../../parts/form.js'
import { Section } from '../../parts/page.js'
import { ProblemNote } from '../../parts/problem-note.js'
import { WholeNumber } from '../../parts/whole-number.js'
import { positionOf } from './condition-error.js'
import { ConditionField } from './condition-field.js'
import { bodyOf, draftFromRule, newDraft, type RuleDraft } from './draft.js'
import { EffectsField } from './effects-field.js'
import { Preview } from './preview.js'
import { RemoveRule } from './remove-rule.js'
import { useMayChange } from './rule-list.js'
import { useAttributes } from './use-attributes.js'
import { useDifferences, useSaving } from './use-saving.js'

interface RuleEditorProps {
  readonly connection: Connection
  readonly rules: readonly Rule[]
  /** Undefined for a new one. */
  readonly stored: Rule | undefined
}

/** Whom a rule means, what it gives, and what that would change, before it is saved. */
export function RuleEditor({ connection, rules, stored }: RuleEditorProps) {
  const { t } = useTranslation(['rules', 'shell'])
  const navigate = useNavigate()
  const { find } = useAttributes()
  // What was read when the page was opened: a later reading must not pull it from under the one who types.
  const [base] = useState(stored)
  const [draft, setDraft] = useState<RuleDraft>(() =>
    base === undefined ? newDraft(rules.length) : draftFromRule(base, find),
  )
  const [checked, setChecked] = useState(false)
  const set = (changes: Partial<RuleDraft>) => setDraft((before) => ({ ...before, ...changes }))
  const mayChange = useMayChange()(base ?? { effects: {} })
  const leave = (job?: string) => void navigate({ to: '/rules', search: { connection: connection.id, job } as never })
  const { save, error, isPending, theirs, take } = useSaving(
    connection.id,
    base,
    (jobId) => {
      announce(t('shell:saved'))
      leave(jobId)
    },
    (stored) => setDraft(draftFromRule(stored, find)),
  )
  const body = bodyOf(draft)
  const nothing = draft.effects.role === undefined && (draft.effects.products ?? []).length === 0
  const position = positionOf(error)
  const differences = useDifferences()
  return (
    <Form
      noValidate
      gap="lg"
      onSubmit={() => {
        setChecked(true)
        if (body !== undefined && !nothing) save(body)
      }}
    >
      <Broken rule={base} />
      {mayChange ? null : (
        <Alert variant="outline" color="gray" title={t('readOnly.title')}>
          {t('readOnly.text')}
        </Alert>
      )}
      <fieldset disabled={!mayChange} style={{ border: 0, padding: 0, margin: 0, minWidth: 0 }}>
        <Stack gap="lg">
          <Section title={t('whom')} lead={t('whomLead')}>
            <ConditionField
              connectionId={connection.id}
              draft={draft.condition}
              onChange={(condition) => set({ condition })}
              checked={checked}
              position={position}
            />
          </Section>
          <Section title={t('what')} lead={t('whatLead')}>
            <EffectsField effects={draft.effects} onChange={(effects) => set({ effects })} />
            {checked && nothing ? (
              <Text size="sm" c="var(--bad)" role="alert" mt="xs">
                {t('nothingChosen')}
              </Text>
            ) : null}
          </Section>
          {mayChange ? (
            <Preview connection={connection} rules={rules} stored={base} body={nothing ? undefined : body} />
          ) : null}
          <Section title={t('place')}>
            <Stack>
              <WholeNumber
                label={t('priority')}
                description={t('priorityNote', { last: base === undefined ? rules.length + 1 : rules.length })}
                min={1}
                max={base === undefined ? rules.length + 1 : rules.length}
                maw="16rem"
                value={draft.priority}
                onChange={(priority) => set({ priority: Math.max(1, priority) })}
              />
              <Textarea
                label={t('note')}
                description={t('noteNote')}
                autosize
                minRows={1}
                maxRows={6}
                maxLength={500}
                value={draft.note}
                onChange={(event) => set({ note: event.currentTarget.value })}
              />
              <Switch
                label={t('enabled')}
                description={t('enabledNote')}
                checked={draft.enabled}
                onChange={(event) => set({ enabled: event.currentTarget.checked })}
              />
            </Stack>
          </Section>
        </Stack>
      </fieldset>
      {theirs === undefined || body === undefined ? null : (
        <Conflict differences={differences(theirs, body)} onKeep={() => save(body)} onTake={take} />
      )}
      <ProblemNote error={error} />
      <Group justify="space-between">
        {base !== undefined && mayChange ? (
          <RemoveRule connectionId={connection.id} rule={base} onDone={leave} />
        ) : (
          <span />
        )}
        <Group>
          <Button variant="default" onClick={() => leave()}>
            {t(mayChange ? 'shell:cancel' : 'back')}
          </Button>
          {mayChange ? (
            <BusyButton type="submit" busy={isPending}>
              {t('shell:save')}
            </BusyButton>
          ) : null}
        </Group>
      </Group>
    </Form>
  )
}

function Broken({ rule }: { readonly rule: Rule | undefined }) {
  const { t } = useTranslation('rules')
  if (rule?.state !== 'broken') return null
  return (
    <Alert color="red" variant="outline" icon={<CircleAlert aria-hidden />} title={t('broken')}>
      {t('brokenWhy')} {t('brokenNext')}
    </Alert>
  )
}
