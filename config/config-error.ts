/** Why one setting stops the start. */
export type ConfigProblemCode = 'unknown_setting' | 'bad_value' | 'missing_value' | 'unusable_file'

/** One thing that has to change before Usher can start. `setting` is a variable's name or a file's path. */
export interface ConfigProblem {
  readonly code: ConfigProblemCode
  readonly setting: string
  readonly text: string
}

/** Refuses a start. The message lists every problem at once, one a line, and never quotes a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly ConfigProblem[]

  constructor(problems: readonly ConfigProblem[], options?: ErrorOptions) {
    super(messageFor(problems), options)
    this.problems = problems
  }
}

function messageFor(problems: readonly ConfigProblem[]): string {
  const heading = problems.length === 1 ? 'One setting stops the start:' : `${problems.length} settings stop the start:`
  return [heading, ...problems.map(({ setting, text }) => `  ${setting}: ${text}`)].join('\n')
}
