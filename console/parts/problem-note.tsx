import { Alert, Anchor, Button, List, Text } from '@mantine/core'
import { CircleAlert } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { problemOf } from '../api/queries.js'

/** Title and next step of a code, in the words of the catalogue (PRODUCT 3.5). */
export function useCode(): (code: string) => { readonly title: string; readonly next: string } {
  const { t, i18n } = useTranslation('codes')
  return (code) =>
    i18n.exists(`codes:${code}.title`)
      ? { title: t(`${code}.title`), next: t(`${code}.next`) }
      : { title: t('unknown.title', { code }), next: t('unknown.next') }
}

interface ProblemNoteProps {
  /** Nothing is shown where this is null or undefined: nothing went wrong. */
  readonly error: unknown
  /** Offered where trying again may help. */
  readonly onRetry?: () => void
  /** From a path of the request to the id of its field, so that a summary leads there. */
  readonly fields?: Readonly<Record<string, string>>
}

/** What went wrong: what happened, what to do, and the id under which support finds it. */
export function ProblemNote({ error, onRetry, fields = {} }: ProblemNoteProps) {
  const { t } = useTranslation()
  const textOf = useCode()
  if (error === null || error === undefined) return null
  const problem = problemOf(error)
  const { title, next } = textOf(problem.code)
  return (
    <Alert color="red" variant="outline" icon={<CircleAlert aria-hidden />} title={title} role="alert">
      <Text size="sm">{next}</Text>
      {problem.errors === undefined ? (
        <Text size="sm" c="var(--quiet)" lang="en">
          {problem.detail}
        </Text>
      ) : (
        <List size="sm" lang="en">
          {problem.errors.map(({ path, message }) => (
            <List.Item key={`${path} ${message}`}>
              {fields[path] === undefined ? path : <Anchor href={`#${fields[path]}`}>{path}</Anchor>}: {message}
            </List.Item>
          ))}
        </List>
      )}
      {problem.requestId === undefined ? null : (
        <Text size="xs" c="var(--quiet)" mt={4}>
          {t('problem.request', { id: problem.requestId })}
        </Text>
      )}
      {onRetry === undefined ? null : (
        <Button size="xs" variant="default" mt="xs" onClick={onRetry}>
          {t('problem.retry')}
        </Button>
      )}
    </Alert>
  )
}
