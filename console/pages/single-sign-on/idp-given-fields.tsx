import { Button, FileButton, Group, Radio, Stack, Textarea, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { type Given, WAYS } from './idp-given.js'

/** From a path of the request to the id of its field. */
export const FIELD_IDS = {
  'body.idpMetadataUrl': 'idp-url',
  'body.idpMetadataXml': 'idp-xml',
  'body.idp.entityId': 'idp-entityId',
  'body.idp.ssoRedirectUrl': 'idp-ssoRedirectUrl',
  'body.idp.ssoPostUrl': 'idp-ssoPostUrl',
  'body.idp.certificates': 'idp-certificates',
  'body.idp.certificates.0': 'idp-certificates',
} as const

interface FieldsProps {
  readonly given: Given
  readonly onChange: (changes: Partial<Given>) => void
}

/** The three ways to say who the identity provider is: an address, a document, or by hand. */
export function GivenFields({ given, onChange }: FieldsProps) {
  const { t } = useTranslation('sso')
  return (
    <>
      <Radio.Group
        label={t('import.way')}
        value={given.way}
        onChange={(way) => onChange({ way: way as Given['way'], idpEntityId: '' })}
      >
        <Group gap="md" mt="xs">
          {WAYS.map((way) => (
            <Radio key={way} value={way} label={t(`import.ways.${way}`)} />
          ))}
        </Group>
      </Radio.Group>
      {given.way === 'url' ? (
        <TextInput
          id="idp-url"
          label={t('import.url')}
          required
          type="url"
          value={given.url}
          onChange={(event) => onChange({ url: event.currentTarget.value })}
        />
      ) : null}
      {given.way === 'xml' ? <XmlField given={given} onChange={onChange} /> : null}
      {given.way === 'hand' ? <HandFields given={given} onChange={onChange} /> : null}
    </>
  )
}

function XmlField({ given, onChange }: FieldsProps) {
  const { t } = useTranslation('sso')
  return (
    <Stack gap="xs">
      <Textarea
        id="idp-xml"
        label={t('import.xml')}
        required
        rows={6}
        spellCheck={false}
        value={given.xml}
        onChange={(event) => onChange({ xml: event.currentTarget.value })}
      />
      <Group>
        <FileButton
          accept=".xml,application/xml,text/xml"
          onChange={(file) => void file?.text().then((xml) => onChange({ xml }))}
        >
          {(props) => (
            <Button {...props} variant="default" size="xs">
              {t('import.file')}
            </Button>
          )}
        </FileButton>
      </Group>
    </Stack>
  )
}

const LINES = ['entityId', 'ssoRedirectUrl', 'ssoPostUrl'] as const

function HandFields({ given, onChange }: FieldsProps) {
  const { t } = useTranslation('sso')
  return (
    <Stack gap="sm">
      {LINES.map((name) => (
        <TextInput
          key={name}
          id={`idp-${name}`}
          label={t(`import.${name}`)}
          required={name === 'entityId'}
          type={name === 'entityId' ? 'text' : 'url'}
          value={given[name]}
          onChange={(event) => onChange({ [name]: event.currentTarget.value })}
        />
      ))}
      <Textarea
        id="idp-certificates"
        label={t('import.certificates')}
        required
        rows={6}
        spellCheck={false}
        value={given.certificates}
        onChange={(event) => onChange({ certificates: event.currentTarget.value })}
      />
    </Stack>
  )
}
