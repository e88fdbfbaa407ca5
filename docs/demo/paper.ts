/** Where the demo writes: lines of at most `columns` characters, with colour only where somebody looks. */
export interface Paper {
  readonly columns: number
  line(text?: string): void
  /** Write over the last draft; on paper that cannot forget, only what `final` says is kept. */
  draft(text: string, final: boolean): void
  readonly bold: (text: string) => string
  readonly faint: (text: string) => string
  readonly good: (text: string) => string
  readonly bad: (text: string) => string
}

const MAX_COLUMNS = 100
const MIN_COLUMNS = 60

/** As much of `process.stdout` as paper needs. */
export interface Outlet {
  readonly isTTY?: boolean
  readonly columns?: number
  write(text: string): unknown
}

/** A terminal, or a file or pipe, which gets neither colour nor drafts. NO_COLOR is honoured. */
export function paperOn(outlet: Outlet, env: NodeJS.ProcessEnv): Paper {
  const isTerminal = outlet.isTTY === true
  const dyed = isTerminal && (env.NO_COLOR ?? '') === ''
  const style = (code: number) => (text: string) => (dyed ? `\u001b[${code}m${text}\u001b[0m` : text)
  return {
    columns: Math.max(MIN_COLUMNS, Math.min(MAX_COLUMNS, outlet.columns || MAX_COLUMNS)),
    line: (text = '') => void outlet.write(`${text}\n`),
    draft: (text, final) => {
      if (isTerminal) outlet.write(`\r\u001b[K${text}${final ? '\n' : ''}`)
      else if (final) outlet.write(`${text}\n`)
    },
    bold: style(1),
    faint: style(2),
    good: style(32),
    bad: style(31),
  }
}

/** The text in lines of at most `width` characters, broken between words; longer words stay whole. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const last = lines.at(-1)
    if (last !== undefined && [...last].length + 1 + [...word].length <= width)
      lines[lines.length - 1] = `${last} ${word}`
    else lines.push(word)
  }
  return lines
}

/** Filled up with blanks on the right; every character of the demo is one column wide. */
export function padded(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - [...text].length))
}
