import { type CallSelf, NoAnswer } from './call-self.js'
import { type FaultFacts, faultOfError, type SelfTestFault, sentenceOf } from './faults.js'
import { faultOf } from './judge.js'
import { expectationOf, receptionOf, type SelfTestStepName, STEPS, type Step, type Trial, valueAt } from './steps.js'

/** How one step of a self-test ended. */
export interface StepResult {
  readonly step: SelfTestStepName
  /** A step is skipped where one failed without which it means nothing. */
  readonly outcome: 'passed' | 'failed' | 'skipped'
  readonly method?: string
  /** Whole address. */
  readonly url?: string
  readonly expected?: string
  readonly received?: string
  readonly ms?: number
  readonly code?: SelfTestFault
  /** What is wrong and what to do about it, in English. */
  readonly detail?: string
}

export interface SelfTestTarget {
  readonly publicUrl: string
  readonly connectionId: string
  readonly token: string
  /** Of the user who comes and goes. */
  readonly userName: string
}

/** Call the public address step by step. Where nothing answers, no further step is tried. */
export async function runSteps(call: CallSelf, target: SelfTestTarget): Promise<StepResult[]> {
  const results: StepResult[] = []
  let trial: Trial = { userName: target.userName, id: '' }
  let isSilent = false
  for (const step of STEPS) {
    const missing = step.needs.some((name) => results.some((one) => one.step === name && one.outcome !== 'passed'))
    if (isSilent || missing) {
      results.push({ step: step.step, outcome: 'skipped' })
      continue
    }
    const { result, id, silent } = await runStep(call, target, step, trial)
    if (id !== undefined) trial = { ...trial, id }
    isSilent = silent
    results.push(result)
  }
  return results
}

interface Ran {
  readonly result: StepResult
  /** Of what was made. */
  readonly id?: string
  /** No answer came. */
  readonly silent: boolean
}

async function runStep(call: CallSelf, target: SelfTestTarget, step: Step, trial: Trial): Promise<Ran> {
  const { method, body, withToken } = step
  const path = `/scim/v2/${target.connectionId}${step.path(trial)}`
  const began = performance.now()
  const told = (received: string, code: SelfTestFault | undefined): StepResult => ({
    ...{
      step: step.step,
      outcome: code === undefined ? 'passed' : 'failed',
      method,
      url: `${target.publicUrl}${path}`,
    },
    ...{ expected: expectationOf(step), received, ms: Math.round(performance.now() - began) },
    ...(code !== undefined && { code, detail: sentenceOf(code, factsOf(target, method, received)) }),
  })
  try {
    const answer = await call({ method, path, token: withToken ? target.token : undefined, body: body?.(trial) })
    const id = step.step === 'create' ? { id: String(valueAt(answer.body, 'id')) } : {}
    return { result: told(receptionOf(step, answer), faultOf(step, answer)), ...id, silent: false }
  } catch (error) {
    if (!(error instanceof NoAnswer)) throw error
    const code = error.code === undefined ? 'timed_out' : faultOfError(error.code)
    return { result: told(error.code ?? '–', code), silent: true }
  }
}

function factsOf({ publicUrl }: SelfTestTarget, method: string, received: string): FaultFacts {
  return { host: new URL(publicUrl).host, method, received }
}
