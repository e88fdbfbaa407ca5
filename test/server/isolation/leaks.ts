import assert from 'node:assert/strict'
import type { RawAnswer, RawRequest } from '../../harness/raw-call.js'

/** Refuse an answer in which a secret stands that the request did not name itself. */
export function assertNoLeak(secrets: readonly string[], sent: Pick<RawRequest, 'path' | 'body'>, answer: RawAnswer) {
  const said = folded(`${decodeURIComponent(sent.path)} ${sent.body ?? ''}`)
  const heard = folded(`${answer.text} ${JSON.stringify(answer.headers)}`)
  const leaked = secrets.filter((secret) => heard.includes(folded(secret)) && !said.includes(folded(secret)))
  assert.deepEqual(leaked, [], `${sent.path} answered ${answer.text}`)
}

function folded(text: string): string {
  return text.toLowerCase()
}
