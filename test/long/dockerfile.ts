import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** One line of a Dockerfile: `COPY --from=build a b` has the name COPY, the flag from=build and the text `a b`. */
export interface Instruction {
  readonly name: string
  readonly flags: ReadonlyMap<string, string>
  readonly text: string
}

/** Parse a Dockerfile without here-documents, the form that ours has. */
export function parseDockerfile(text: string): Instruction[] {
  return text
    .replace(/^\s*#.*\n/gm, '')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(parseInstruction)
}

/** The command of CMD, or of `HEALTHCHECK … CMD`, in its JSON form: only that one starts without a shell. */
export function commandOf(instructions: readonly Instruction[], name: 'CMD' | 'HEALTHCHECK'): string[] {
  const text = instructions.findLast((instruction) => instruction.name === name)?.text ?? ''
  return JSON.parse(text.replace(/^CMD\s+/, '')) as string[]
}

/**
 * Whether `.dockerignore` lets a file into the build. Its lines are read in order and the last one that fits decides;
 * a line is `*` or a path, with `!` in front to let in.
 */
export function contextFilter(checkout: string): (path: string) => boolean {
  const file = join(checkout, '.dockerignore')
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
  const rules = lines.filter((line) => line !== '' && !line.startsWith('#')).map((line) => line.split(/^!/))
  return (path) => {
    const last = rules.findLast(([hidden, shown]) => covers(shown ?? hidden ?? '', path))
    return last === undefined || last.length === 2
  }
}

function parseInstruction(line: string): Instruction {
  const [, name = '', rest = ''] = /^\s*([A-Za-z]+)\s+(.*)$/.exec(line) ?? []
  const [options = ''] = /^(--[^\s]+\s+)*/.exec(rest) ?? []
  const flags = options
    .split(/\s+/)
    .filter((option) => option !== '')
    .map((option) => option.slice(2).split('=') as [string, string])
  return { name: name.toUpperCase(), flags: new Map(flags), text: rest.slice(options.length).trim() }
}

function covers(pattern: string, path: string): boolean {
  return pattern === '*' || path === pattern || path.startsWith(`${pattern}/`)
}
