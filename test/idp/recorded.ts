import { readFileSync } from 'node:fs'

/** A request body as an IdP sends it, from `test/idp/<name>.json`. A fresh object each time. */
export function recorded(name: string): unknown {
  return JSON.parse(readFileSync(new URL(`./${name}.json`, import.meta.url), 'utf8'))
}
