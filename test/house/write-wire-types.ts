import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CHECKOUT } from './rooms.js'
import { wireTypes } from './wire-types.js'

writeFileSync(join(CHECKOUT, 'console/api/schema.ts'), wireTypes())
