import { execFileSync, spawnSync } from 'node:child_process'
import { chownSync, cpSync, existsSync, lstatSync, mkdirSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { contextFilter, type Instruction } from './dockerfile.js'

/** A stage of the build: a folder that stands for its root, and what its instructions have set so far. */
export interface Stage {
  readonly root: string
  workdir: string
  readonly env: Map<string, string>
  user: string
}

/** Who `USER node` is in the official images. Only root can become somebody else, so others stay who they are. */
export const NODE_USER: { uid?: number; gid?: number } = process.getuid?.() === 0 ? { uid: 1000, gid: 1000 } : {}

/**
 * Carry out the instructions of a Dockerfile in folders below `home`, with the programs of this machine in place of the
 * base images, and return the last stage. An instruction that this cannot do is an error, never a step left out.
 */
export function buildInFolders(instructions: readonly Instruction[], checkout: string, home: string): Stage {
  const stages = new Map<string, Stage>()
  const context = join(home, 'context')
  copyContext(checkout, context)
  let stage: Stage | undefined
  for (const instruction of instructions) {
    if (instruction.name === 'FROM') stage = begin(instruction, stages, home)
    else if (stage === undefined) throw new Error(`${instruction.name} before FROM`)
    else carryOut(instruction, stage, (name) => (name === undefined ? context : rootOf(stages, name)))
  }
  if (stage === undefined) throw new Error('a Dockerfile without FROM')
  return stage
}

/** The environment that a process of this stage sees; absolute paths are those inside the stage. */
export function environmentOf(stage: Stage): Record<string, string> {
  const own = [...stage.env].map(([name, value]) => [name, value.startsWith('/') ? join(stage.root, value) : value])
  // What npm and the test runner set for their own children would not be there in a container.
  const machine = Object.entries(process.env).filter(([name]) => /^(PATH|HOME|LANG|TMPDIR|.*_proxy)$/i.test(name))
  return Object.fromEntries([...machine, ...own]) as Record<string, string>
}

/** The files of the checkout that `docker build` would send: here those that git knows or would add. */
function copyContext(checkout: string, context: string): void {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '-z'], {
    cwd: checkout,
    encoding: 'utf8',
  })
  const isSent = contextFilter(checkout)
  for (const path of listed.split('\0').filter((name) => name !== '' && isSent(name))) {
    if (!existsSync(join(checkout, path))) continue
    mkdirSync(dirname(join(context, path)), { recursive: true })
    cpSync(join(checkout, path), join(context, path))
  }
}

function begin({ text }: Instruction, stages: Map<string, Stage>, home: string): Stage {
  const name = /\bAS\s+(\S+)$/i.exec(text)?.[1] ?? `stage-${stages.size}`
  const stage = { root: join(home, name), workdir: '/', env: new Map<string, string>(), user: 'root' }
  mkdirSync(stage.root)
  stages.set(name, stage)
  return stage
}

function rootOf(stages: ReadonlyMap<string, Stage>, name: string): string {
  const stage = stages.get(name)
  if (stage === undefined) throw new Error(`COPY --from=${name}: there is no such stage`)
  return stage.root
}

function carryOut(instruction: Instruction, stage: Stage, sourceRoot: (from: string | undefined) => string): void {
  const { name, text } = instruction
  if (name === 'WORKDIR') enter(stage, text)
  else if (name === 'ENV') stage.env.set(...(text.split(/=(.*)/, 2) as [string, string]))
  else if (name === 'COPY') copy(instruction, stage, sourceRoot(instruction.flags.get('from')))
  else if (name === 'RUN') execute(stage, text)
  else if (name === 'USER') stage.user = text
  // These describe the container; the test itself plays their part.
  else if (!['VOLUME', 'EXPOSE', 'HEALTHCHECK', 'CMD'].includes(name)) throw new Error(`cannot carry out ${name}`)
}

function enter(stage: Stage, path: string): void {
  stage.workdir = path
  mkdirSync(join(stage.root, path), { recursive: true })
}

/** COPY takes the content of a folder, not the folder; several sources need a target that ends in a slash. */
function copy({ flags, text }: Instruction, stage: Stage, from: string): void {
  const paths = text.split(/\s+/)
  const target = paths.pop() ?? ''
  const into = join(stage.root, target.startsWith('/') ? '' : stage.workdir, target)
  for (const path of paths) {
    const isFolder = lstatSync(join(from, path)).isDirectory()
    const to = !isFolder && target.endsWith('/') ? join(into, path) : into
    mkdirSync(isFolder ? to : dirname(to), { recursive: true })
    cpSync(join(from, path), to, { recursive: true, verbatimSymlinks: true })
  }
  if (flags.has('chown')) giveToUser(into)
}

function giveToUser(path: string): void {
  const { uid, gid } = NODE_USER
  if (uid === undefined || gid === undefined) return
  chownSync(path, uid, gid)
  for (const name of lstatSync(path).isDirectory() ? readdirSync(path) : []) giveToUser(join(path, name))
}

function execute(stage: Stage, command: string): void {
  if (/(^|[\s='"])\/\w/.test(command)) throw new Error(`RUN names a path from the root, which is not ours: ${command}`)
  const options = { cwd: join(stage.root, stage.workdir), env: environmentOf(stage), encoding: 'utf8' } as const
  const { status, stdout, stderr } = spawnSync('sh', ['-c', command], options)
  if (status !== 0) throw new Error(`RUN ${command} ended with ${status}\n${stdout}\n${stderr}`)
}
