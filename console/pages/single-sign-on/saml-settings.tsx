import { Checkbox, Fieldset, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useWrite } from '../../api/queries.js'
import type { Saml } from '../../api/schema.js'
import { useMay } from '../../api/session.js'
import { announce } from '../../parts/announce.js'
import { Section } from '../../parts/page.js'
import { SettingsForm } from '../../parts/settings-form.js'
import { WholeNumber } from '../../parts/whole-number.js'
import { ATTRIBUTES, bodyOf, type Draft, draftOf } from './saml-draft.js'
import { SAML } from './use-saml.js'

const FIELDS = {
  'body.sessionHours': 'saml-hours',
  'body.requiredContext': 'saml-context',
  'body.sha1Until': 'saml-sha1',
}

/** How answers of the identity provider are read, and how long a session lasts. */
export function SamlSettings({ connectionId, saml }: { readonly connectionId: string; readonly saml: Saml }) {
  const { t } = useTranslation(['sso', 'shell'])
  const mayManage = useMay()('connections.manage')
  const [draft, setDraft] = useState<Draft>(() => draftOf(saml))
  const set = (changes: Partial<Draft>) => setDraft((before) => ({ ...before, ...changes }))
  const put = useWrite(`PUT ${SAML}`, [`GET ${SAML}`])
  const saved = (after: Saml) => {
    setDraft(draftOf(after))
    announce(t('shell:saved'))
  }
  const save = () => put.mutate({ params: { connectionId }, body: bodyOf(draft) }, { onSuccess: saved })
  return (
    <Section title={t('settings.title')}>
      <SettingsForm
        gap="md"
        mayManage={mayManage}
        onSubmit={save}
        isPending={put.isPending}
        error={put.error}
        fields={FIELDS}
      >
        <Switches draft={draft} set={set} />
        <Names draft={draft} set={set} />
        <Limits draft={draft} set={set} />
      </SettingsForm>
    </Section>
  )
}

interface FieldsProps {
  readonly draft: Draft
  readonly set: (changes: Partial<Draft>) => void
}

function Switches({ draft, set }: FieldsProps) {
  const { t } = useTranslation('sso')
  return (['allowIdpInitiated', 'rolesFromAssertion'] as const).map((name) => (
    <Checkbox
      key={name}
      label={t(`settings.${name}`)}
      description={t(`settings.${name}Note`)}
      checked={draft[name]}
      onChange={(event) => set({ [name]: event.currentTarget.checked })}
    />
  ))
}

function Names({ draft, set }: FieldsProps) {
  const { t } = useTranslation('sso')
  return (
    <Fieldset variant="unstyled" p={0} legend={t('settings.attributes')}>
      <div
        style={{ display: 'grid', gap: 12, gridTemplateColumns: 'repeat(auto-fill, minmax(min(15rem, 100%), 1fr))' }}
      >
        {ATTRIBUTES.map((name) => (
          <TextInput
            key={name}
            label={t(`settings.attribute.${name}`)}
            value={draft.attributes[name]}
            onChange={(event) => set({ attributes: { ...draft.attributes, [name]: event.currentTarget.value } })}
          />
        ))}
      </div>
    </Fieldset>
  )
}

function Limits({ draft, set }: FieldsProps) {
  const { t } = useTranslation('sso')
  return (
    <>
      <Textarea
        label={t('settings.audiences')}
        rows={2}
        value={draft.audiences}
        onChange={(event) => set({ audiences: event.currentTarget.value })}
      />
      <TextInput
        id="saml-context"
        label={t('settings.requiredContext')}
        description={t('settings.requiredContextNote')}
        value={draft.requiredContext}
        onChange={(event) => set({ requiredContext: event.currentTarget.value })}
      />
      <TextInput
        id="saml-sha1"
        type="date"
        label={t('settings.sha1Until')}
        description={t('settings.sha1UntilNote')}
        value={draft.sha1Until}
        onChange={(event) => set({ sha1Until: event.currentTarget.value })}
      />
      <WholeNumber
        id="saml-hours"
        label={t('settings.sessionHours')}
        required
        min={1}
        max={720}
        clampBehavior="none"
        value={draft.sessionHours}
        onChange={(sessionHours) => set({ sessionHours })}
      />
    </>
  )
}
