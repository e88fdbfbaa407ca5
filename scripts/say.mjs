const started = Date.now()

/** Print one line about what is being done, with the seconds since the command was typed. Standard error, so that output can be piped. */
export function say(text) {
  const seconds = ((Date.now() - started) / 1000).toFixed(1)
  process.stderr.write(`usher ${seconds.padStart(5)} s  ${text}\n`)
}
