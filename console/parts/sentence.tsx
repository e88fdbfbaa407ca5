/** Stands around a place of a sentence until its name is put there. Of the private use area: no text of ours has it. */
const EDGE = '\u{E000}'
const LONGEST = 120

interface SentenceProps {
  /** Makes the sentence from what stands in its places. */
  readonly of: (places: Readonly<Record<string, string>>) => string
  /** Foreign names, by place. They never become part of a text that is looked at again. */
  readonly names: Readonly<Record<string, string>>
}

/** One sentence of ours with names of others in it, each in its own direction of writing and never endless. */
export function Sentence({ of, names }: SentenceProps) {
  const places = Object.fromEntries(Object.keys(names).map((name) => [name, `${EDGE}${name}${EDGE}`]))
  return of(places)
    .split(EDGE)
    .map((piece, index) =>
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one sentence have no other name
      index % 2 === 0 ? piece : <bdi key={index}>{shortened(names[piece] ?? '')}</bdi>,
    )
}

/** A name of somebody else's, cut where it is very long. */
export function shortened(name: string, longest: number = LONGEST): string {
  const letters = [...name.slice(0, longest * 2)]
  return letters.length > longest ? `${letters.slice(0, longest).join('')}…` : name
}
