import { createInstance, type i18n } from 'i18next'
import { initReactI18next } from 'react-i18next'

/** Complete languages. Others get a folder beside them, and a line here. */
export const LANGUAGES = { en: 'English', fr: 'Français', it: 'Italiano' } as const
export type Language = keyof typeof LANGUAGES

const STORED = 'usher-language'

/** One file per language and area, so that a page loads the words of its area alone. */
const FILES = import.meta.glob<{ default: object }>('./*/*.json')

export const I18N: i18n = createInstance()

/** Person, then browser, then English (PRODUCT 6.5). */
export function firstLanguage(ofPerson?: string | null): Language {
  const wishes = [ofPerson, localStorage.getItem(STORED), ...navigator.languages]
  const found = wishes.map((wish) => wish?.slice(0, 2)).find((wish) => wish !== undefined && wish in LANGUAGES)
  return (found ?? 'en') as Language
}

export async function startTexts(language: Language): Promise<void> {
  I18N.use({
    type: 'backend',
    read(language: string, area: string, done: (error: unknown, texts?: object) => void) {
      const load = FILES[`./${language}/${area}.json`]
      if (load === undefined) return done(new Error(`There are no texts ${language}/${area}.`))
      load().then(
        (file) => done(undefined, file.default),
        (error: unknown) => done(error),
      )
    },
  })
  I18N.use(initReactI18next)
  await I18N.init({
    lng: language,
    fallbackLng: 'en',
    load: 'languageOnly',
    ns: ['shell', 'codes'],
    defaultNS: 'shell',
    // React escapes what it shows.
    interpolation: { escapeValue: false },
    react: { useSuspense: true },
  })
  document.documentElement.lang = language
}

export async function changeLanguage(language: Language): Promise<void> {
  localStorage.setItem(STORED, language)
  await I18N.changeLanguage(language)
  document.documentElement.lang = language
}
