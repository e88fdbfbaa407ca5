import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatabaseLocation } from '../../db/open.js'

/** One kind of database for a suite: `create` makes an empty, migrated one and says how to be rid of it. */
export interface TestDatabase {
  readonly kind: 'sqlite' | 'postgres'
  create(): Promise<{ location: DatabaseLocation; drop(): Promise<void> }>
}

export const SQLITE: TestDatabase = {
  kind: 'sqlite',
  async create() {
    const folder = mkdtempSync(join(tmpdir(), 'usher-test-'))
    return {
      location: { kind: 'sqlite', file: join(folder, 'usher.db') },
      drop: async () => rmSync(folder, { recursive: true, force: true }),
    }
  },
}
