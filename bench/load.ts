import autocannon from 'autocannon'
import { type LoadPlan, type LoadReport, requestOf } from './load-plan.js'

/** A forked process that loads one server once: it is told a plan, reports, and ends. */
process.once('message', (plan: LoadPlan) => {
  // What goes wrong ends the process with its stack, and the one that waits sees the exit code.
  void load(plan).then((report) => process.send?.(report, () => process.disconnect()))
})

async function load(plan: LoadPlan): Promise<LoadReport> {
  const prefix = new URL(plan.baseUrl).pathname.replace(/\/$/, '')
  let next = plan.offset
  const result = await autocannon({
    url: plan.baseUrl,
    connections: plan.connections,
    duration: plan.seconds,
    sampleInt: 50,
    headers: { authorization: `Bearer ${plan.token}`, 'content-type': 'application/scim+json' },
    requests: [
      {
        setupRequest: (request) => {
          const { method, path, body } = requestOf(plan, next++)
          return { ...request, method, path: `${prefix}${path}`, body }
        },
      },
    ],
  })
  return {
    answered: result['2xx'],
    failed: result.non2xx + result.errors + result.timeouts,
    seconds: result.duration,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    offset: next,
  }
}
