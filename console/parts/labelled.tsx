/**
 * A text in which `<en>…</en>` marks words as another console shows them: labels and menus stay English whatever the
 * language of the sentence (PRODUCT 6.5).
 */
export function Labelled({ text }: { readonly text: string }) {
  return text.split(/<en>(.*?)<\/en>/).map((part, place) =>
    place % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text have no other name
      <bdi key={place} lang="en" style={{ fontWeight: 600 }}>
        {part}
      </bdi>
    ) : (
      part
    ),
  )
}
