import { copyFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { migrateUp } from '../../db/migrate.js'
import type { DatabaseLocation } from '../../db/open.js'
import { scratchFolder } from './scratch.js'

/** One kind of database for a suite: `create` makes an empty, migrated one and says how to be rid of it. */
export interface TestDatabase {
  readonly kind: 'sqlite' | 'postgres'
  create(): Promise<{ location: DatabaseLocation; drop(): Promise<void> }>
}

/** An empty database, migrated once for the process: to copy it takes a hundredth of the time. */
let template: Promise<string> | undefined

async function migrated(): Promise<string> {
  const folder = scratchFolder('usher-template-')
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'usher.db')
  await migrateUp({ file })
  return file
}

export const SQLITE: TestDatabase = {
  kind: 'sqlite',
  async create() {
    template ??= migrated()
    const folder = scratchFolder('usher-test-')
    const file = join(folder, 'usher.db')
    copyFileSync(await template, file)
    return {
      location: { kind: 'sqlite', file },
      drop: async () => rmSync(folder, { recursive: true, force: true }),
    }
  },
}
