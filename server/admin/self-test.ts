import { z } from 'zod'
import type { Deps } from '../../accounts/deps.js'
import { beginSelfTest, recordSelfTest, removeSelfTest, type SelfTest } from '../../accounts/self-test.js'
import { selfCaller } from '../self-test/call-self.js'
import { SELF_TEST_FAULTS } from '../self-test/faults.js'
import { runSteps, type StepResult } from '../self-test/run-self-test.js'
import { SELF_TEST_STEPS } from '../self-test/steps.js'
import { route } from './route.js'

const SelfTestSchema = z
  .object({
    passed: z.boolean(),
    steps: z.array(
      z.object({
        step: z.enum(SELF_TEST_STEPS),
        outcome: z.enum(['passed', 'failed', 'skipped']).meta({
          description: 'A step is skipped where one failed without which it means nothing.',
        }),
        method: z.string().optional(),
        url: z.string().optional().meta({ description: 'What was called.' }),
        expected: z.string().optional().meta({ example: '200, active: false' }),
        received: z.string().optional().meta({ description: 'The answer, or the code of the error of the network.' }),
        ms: z.int().optional(),
        code: z.enum(SELF_TEST_FAULTS).optional(),
        detail: z.string().optional().meta({ description: 'What is wrong, and what to do about it.' }),
      }),
    ),
  })
  .meta({ id: 'SelfTest', description: 'What happened when the server called the address of a connection itself.' })

export const SELF_TEST_ROUTES = [
  route({
    method: 'post',
    path: '/accounts/{accountId}/connections/{connectionId}/self-test',
    tag: 'Connections',
    summary: 'Have the server call the public address of the connection as a directory would; nothing of it stays',
    requires: 'connections.manage',
    answer: SelfTestSchema,
    // Each makes a handful of requests.
    perMinute: 10,
    run: async ({ deps, administrator, params: { accountId, connectionId }, publicUrl }) => {
      const test = await beginSelfTest(deps, accountId, connectionId)
      const steps = await runAndClean(deps, publicUrl, test)
      const failed = steps.find(({ outcome }) => outcome === 'failed')
      await recordSelfTest(deps, administrator, test, failed?.detail)
      return { passed: failed === undefined, steps }
    },
  }),
]

/** However the test ends, nothing of it stays. */
async function runAndClean(deps: Deps, publicUrl: string, test: SelfTest): Promise<StepResult[]> {
  const { connectionId, token } = test
  const userName = `self-test-${deps.newId()}@self-test.invalid`
  const steps: StepResult[] = []
  try {
    steps.push(...(await runSteps(selfCaller(publicUrl), { publicUrl, connectionId, token, userName })))
  } finally {
    const began = performance.now()
    await removeSelfTest(deps, test)
    steps.push({ step: 'clean_up', outcome: 'passed', ms: Math.round(performance.now() - began) })
  }
  return steps
}
