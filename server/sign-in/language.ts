import { parse, serialize } from 'cookie'
import type { Request, Response } from 'express'
import { isRefusalCode, type RefusalCode } from './codes.js'
import { EN, EN_CODES, type TextKey } from './texts/en.js'
import { FR, FR_CODES } from './texts/fr.js'
import { IT, IT_CODES } from './texts/it.js'

/** Texts by language; the first is for whoever reads none of them. */
export const LANGUAGES = {
  en: { texts: EN, codes: EN_CODES },
  fr: { texts: FR, codes: FR_CODES },
  it: { texts: IT, codes: IT_CODES },
} as const satisfies Record<string, { texts: Record<TextKey, string>; codes: Record<RefusalCode, string> }>

export type Language = keyof typeof LANGUAGES

const ALL = Object.keys(LANGUAGES) as Language[]
const COOKIE = 'usher-lang'
const YEAR_SECONDS = 31_536_000

function known(text: unknown): Language | undefined {
  return ALL.find((language) => language === text)
}

/** Whose choice counts: what the address says, what was chosen before, what the browser asks for. */
export function languageOf(request: Request): Language {
  const chosen = known(request.query.lang) ?? known(parse(request.headers.cookie ?? '')[COOKIE])
  return chosen ?? known(request.acceptsLanguages(ALL)) ?? 'en'
}

/** Remember a choice that the address makes. */
export function keepLanguage(request: Request, response: Response): void {
  const chosen = known(request.query.lang)
  if (chosen === undefined) return
  const cookie = serialize(COOKIE, chosen, { path: '/', sameSite: 'lax', httpOnly: true, maxAge: YEAR_SECONDS })
  response.append('Set-Cookie', cookie)
}

/** A text of a language with the words that it names in braces. */
export function say(language: Language, key: TextKey, words: Readonly<Record<string, string>> = {}): string {
  const text: string = LANGUAGES[language].texts[key]
  return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => words[name] ?? '')
}

export function sayCode(language: Language, code: string): string {
  return LANGUAGES[language].codes[isRefusalCode(code) ? code : 'shape']
}
