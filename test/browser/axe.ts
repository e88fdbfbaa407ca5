import axe from 'axe-core'
import type { Tab } from './chromium.js'

const RULES = { type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }

interface Violation {
  readonly id: string
  readonly help: string
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[]
}

/** A slow machine may still be between two colours, which is no colour of ours. */
const FADED = `Promise.all(document.getAnimations()
  .filter((one) => one instanceof CSSTransition)
  .map((one) => one.finished.catch(() => undefined)))`

/** What axe finds wrong with the page as it stands, and where: the text of a failing test. */
export async function violationsIn(tab: Tab): Promise<readonly unknown[]> {
  await tab.page.evaluate(axe.source)
  await tab.page.evaluate(FADED)
  const found = await tab.page.evaluate(`axe.run(document, { runOnly: ${JSON.stringify(RULES)} })`)
  const { violations } = found as { violations: readonly Violation[] }
  return violations.map(({ id, help, nodes }) => [id, help, nodes.map((node) => [node.html, node.failureSummary])])
}
