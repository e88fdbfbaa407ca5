import { writeFileSync } from 'node:fs'
import { CHECKS } from './checks.js'
import { conformancePage } from './page.js'

writeFileSync(new URL('../docs/conformance.md', import.meta.url), conformancePage(CHECKS))
