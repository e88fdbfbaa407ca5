import { createHash } from 'node:crypto'
import type { Response } from 'express'
import { type Language, say } from './language.js'
import { STYLE } from './style.js'
import type { TextKey } from './texts/en.js'

const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`

/** What may differ from page to page in what a browser may do with it. */
export interface Permissions {
  /** Where its forms lead to, redirects included; nowhere by default. */
  readonly formAction?: string
  /** Allows one script that carries it. */
  readonly nonce?: string
}

/** Send a page: nothing is loaded from anywhere, nothing is kept, nobody frames it. */
export function sendPage(response: Response, status: number, html: string, permissions: Permissions = {}): void {
  const { formAction = "'none'", nonce } = permissions
  const script = nonce === undefined ? '' : `; script-src 'nonce-${nonce}'`
  const rest = `form-action ${formAction}; base-uri 'none'; frame-ancestors 'none'`
  response
    .status(status)
    .set('Content-Security-Policy', `default-src 'none'; style-src ${STYLE_HASH}${script}; ${rest}`)
    .set('Cache-Control', 'no-store')
    .vary('Accept-Language')
    .vary('Cookie')
    .type('html')
    .send(html)
}

/** Text of HTML: made by `html` alone, so that whatever else is put into a page is escaped. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

type Part = Html | string | readonly Html[]

/** Put values into HTML: texts are escaped, HTML stays as it is. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.map((text, index) => text + shown(parts[index] ?? '')).join(''))
}

function shown(part: Part): string {
  if (part instanceof Html) return part.text
  return typeof part === 'string' ? escaped(part) : part.map(({ text }) => text).join('\n')
}

export const NOTHING = new Html('')

/** The mark of the console, drawn here as well, since these pages load nothing. */
const BRAND = new Html(
  '<svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true"><rect width="32" height="32" rx="7" fill="#0b6e69"/><path d="M9 8v10a7 7 0 0 0 14 0V8" fill="none" stroke="#fff" stroke-width="3.4" stroke-linecap="round"/><circle cx="23" cy="25.4" r="2.2" fill="#fff"/></svg>',
)

/** A page that needs no script: it works in every browser and under every policy. */
export function page(
  language: Language,
  title: string,
  body: Html,
  { head = NOTHING, footer = NOTHING }: { readonly head?: Html; readonly footer?: Html } = {},
): string {
  return html`<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title>
${head}<style>${new Html(STYLE)}</style></head>
<body>
<header>${BRAND}Usher</header>
<main>
<h1>${title}</h1>
${body}
</main>
${footer}
</body>
</html>
`.text
}

/** A paragraph of one text. */
export function paragraph(language: Language, key: TextKey, words?: Readonly<Record<string, string>>): Html {
  return html`<p>${say(language, key, words)}</p>`
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')
}
