import { ERROR_URN } from '../../scim/errors.js'
import type { SelfAnswer } from './call-self.js'
import type { SelfTestFault } from './faults.js'
import { type Step, valueAt } from './steps.js'

/** What is wrong with an answer; undefined where it is the one that this server gives. */
export function faultOf(step: Step, answer: SelfAnswer): SelfTestFault | undefined {
  const { status, body } = answer
  if (status >= 300 && status < 400) return 'redirected'
  const isError = valueAt(body, 'schemas.0') === ERROR_URN
  if (status >= 400 || isError) return isError ? faultOfRefusal(step, answer) : faultOfStranger(status)
  if (status !== step.status) return step.step === 'address' ? 'other_server' : 'unexpected_answer'
  const isRight = Object.entries(step.has).every(([name, value]) => valueAt(body, name) === value)
  if (isRight) return undefined
  return body === undefined || step.step === 'address' ? 'other_server' : 'unexpected_answer'
}

/** An Error message of RFC 7644: a server like this one refused. */
function faultOfRefusal({ needs }: Step, { status, challenge }: SelfAnswer): SelfTestFault {
  if (status >= 500) return 'server_failed'
  // A wrong token is told as such (RFC 6750 §3.1); of one that did not come nothing is said.
  if (status === 401) return challenge.includes('error=') ? 'token_refused' : 'token_lost'
  return needs.length === 0 ? 'other_server' : 'unexpected_answer'
}

/** No message of ours: it was answered on the way. */
function faultOfStranger(status: number): SelfTestFault {
  if (status === 502 || status === 503 || status === 504) return 'gateway'
  if (status === 401 || status === 403 || status === 407 || status === 429) return 'blocked'
  return status === 405 || status === 501 ? 'method_blocked' : 'other_server'
}
