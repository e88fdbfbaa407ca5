/** A line of progress; results go to standard output, this does not. */
export function say(text: string): void {
  process.stderr.write(`bench: ${text}\n`)
}
