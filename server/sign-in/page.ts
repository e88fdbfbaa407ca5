import { createHash } from 'node:crypto'
import type { Response } from 'express'
import { type Language, say } from './language.js'
import type { TextKey } from './texts/en.js'

const STYLE = `
:root{color-scheme:light dark}
body{font:1rem/1.5 system-ui,sans-serif;margin:0;background:Canvas;color:CanvasText}
main,footer{box-sizing:border-box;max-width:36rem;margin:0 auto;padding:1rem}
main{margin-top:10vh}
h1{font-size:1.5rem;line-height:1.25}
h1,p,li,td,code{overflow-wrap:anywhere}
label{display:block;font-weight:600}
input,button{box-sizing:border-box;font:inherit;min-height:2.75rem;padding:.5rem .75rem;border:1px solid GrayText;border-radius:.25rem}
input:not([type=hidden]){width:100%;margin:.25rem 0 1rem}
[aria-invalid=true]{border-color:Mark;border-width:2px}
.hint{margin-top:-.75rem}
[role=alert]{border-inline-start:.25rem solid;padding-inline-start:.75rem}
svg{background:white;max-width:15rem;width:100%}
code{font-size:1.125rem}
button{cursor:pointer;padding-inline:1.5rem}
:focus-visible{outline:3px solid Highlight;outline-offset:2px}
table{border-collapse:collapse;width:100%}
caption{text-align:start;font-weight:600}
th,td{text-align:start;padding:.25rem .5rem .25rem 0;border-bottom:1px solid GrayText}
footer a{display:inline-block;padding:.5rem .75rem .5rem 0}
`
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
