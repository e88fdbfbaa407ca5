import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CHECKOUT, CONSOLE, type SourceFile, sourcesOf } from '../house/rooms.js'

const FOLDER = join(CHECKOUT, 'console/texts')
const LANGUAGES = ['en', 'fr', 'it']
const AREAS = readdirSync(join(FOLDER, 'en')).map((file) => file.replace('.json', ''))
const PLURAL = /_(zero|one|two|few|many|other)$/

type Texts = { readonly [key: string]: string | Texts }

/** Every text by its whole key: `list.more`. */
function textsOf(language: string, area: string): Map<string, string> {
  const flat = (texts: Texts, above: string): [string, string][] =>
    Object.entries(texts).flatMap(([key, value]) =>
      typeof value === 'string' ? [[`${above}${key}`, value] as [string, string]] : flat(value, `${above}${key}.`),
    )
  return new Map(flat(JSON.parse(readFileSync(join(FOLDER, language, `${area}.json`), 'utf8')) as Texts, ''))
}

/** Keys as a reader of another language would expect them: plurals as one. */
const meaningsOf = (texts: ReadonlyMap<string, string>) =>
  [...new Set([...texts.keys()].map((key) => key.replace(PLURAL, '_plural')))].sort()

const variablesOf = (text: string) =>
  [...new Set([...text.matchAll(/\{\{\s*(\w+)[^}]*\}\}/g)].map(([, name]) => name))].sort()

describe('texts of the console (PRODUCT 6.5)', () => {
  for (const area of AREAS) {
    const english = textsOf('en', area)
    for (const language of LANGUAGES) {
      const texts = textsOf(language, area)

      it(`${language}/${area} has every text of English, and no other`, () => {
        assert.deepEqual(meaningsOf(texts), meaningsOf(english))
      })

      it(`${language}/${area} has each plural of the language`, () => {
        const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories
        const stems = [...texts.keys()].filter((key) => PLURAL.test(key)).map((key) => key.replace(PLURAL, ''))
        const missing = stems.flatMap((stem) => forms.map((form) => `${stem}_${form}`).filter((key) => !texts.has(key)))
        assert.deepEqual(missing, [])
      })

      it(`${language}/${area} speaks of the same variables, and leaves nothing empty`, () => {
        for (const [key, text] of texts) {
          assert.notEqual(text.trim(), '', key)
          const model = english.get(key) ?? english.get(key.replace(PLURAL, '_other')) ?? ''
          const lost = variablesOf(model).filter((name) => name !== 'count' && !variablesOf(text).includes(name))
          const unknown = variablesOf(text).filter((name) => name !== 'count' && !variablesOf(model).includes(name))
          assert.deepEqual([lost, unknown], [[], []], `${key}: ${text}`)
        }
      })
    }

    for (const language of ['fr', 'it']) {
      it(`${language}/${area} is translated`, () => {
        const long = [...textsOf(language, area)].filter(([, text]) => text.split(/\s+/).length > 4)
        assert.deepEqual(
          long.filter(([key, text]) => english.get(key) === text),
          [],
        )
      })
    }
  }
})

const SOURCES = sourcesOf(CONSOLE).filter(({ path }) => !path.endsWith('schema.ts'))

/** The areas that a file asks for itself. */
const areasIn = (text: string): string[] =>
  [...text.matchAll(/useTranslation\(\s*(?:\[([^\]]*)\]|'(\w+)')?\s*\)/g)].flatMap(([, many, one]) =>
    (many ?? one ?? 'shell').split(',').map((area) => area.replaceAll(/['\s]/g, '')),
  )

const BY_IMPORT = new Map(SOURCES.map((source) => [`/${source.path.replace(/\.tsx?$/, '.js')}`, source]))

/** A file and all that is loaded with it: what it imports, and so on, but for what is imported later on. */
function loadedWith(path: string, loaded = new Map<string, SourceFile>()): SourceFile[] {
  const source = BY_IMPORT.get(path)
  if (source === undefined || loaded.has(path)) return []
  loaded.set(path, source)
  const isLater = (other: string) => new RegExp(`import\\('[^']*/${other.split('/').at(-1)}'\\)`).test(source.text)
  for (const other of source.imports) if (!isLater(other)) loadedWith(other, loaded)
  return [...loaded.values()]
}

/** Loaded before the first page. */
const AT_START = ['shell', 'codes']

describe('pages of the console', () => {
  const routes = readFileSync(join(CHECKOUT, 'console/routes.ts'), 'utf8')
  const pages = [...routes.matchAll(/page\(\s*'([^']+)',\s*'([^']*)',\s*\(\) => import\('\.\/([^']+)\.js'\)/g)]

  for (const [, path = '', areas = '', file = ''] of pages)
    it(`${path} comes with the texts that it shows`, () => {
      const shown = new Set(loadedWith(`/console/${file}.js`).flatMap(({ text }) => areasIn(text)))
      assert.ok(shown.size > 0, 'a page shows some')
      assert.deepEqual(areas.split(' '), [...shown].filter((area) => !AT_START.includes(area)).sort())
    })

  it('are all of those whose addresses there are', () => {
    assert.equal(pages.length, [...routes.matchAll(/import\('/g)].length)
    assert.ok(pages.length > 20)
  })
})

describe('words in the components of the console', () => {
  for (const { path: file, text } of SOURCES) {
    it(`${file} asks for texts that are there`, () => {
      const areas = areasIn(text)
      const known = [...new Set([...areas, 'shell'])].filter((area) => AREAS.includes(area))
      const keys = known.flatMap((area) => [...textsOf('en', area).keys()])
      const has = (key: string, area?: string) => {
        const among = area === undefined ? keys : [...textsOf('en', area).keys()]
        return among.some((known) => known === key || known.replace(PLURAL, '') === key)
      }
      const asked = [...text.matchAll(/\bt\(\s*'(?:(\w+):)?([\w.]+)'/g)]
      const missing = asked.filter(([, area, key = '']) => !has(key, area)).map(([call]) => call)
      assert.deepEqual(missing, [])
    })

    it(`${file} has no words of its own`, () => {
      // Text between tags, and the properties that people read or hear.
      const between = [...text.matchAll(/>\s*([A-Z][a-z]+[^<>{}=;()]*)\s*<\//g)].map(([, words]) => words)
      const properties = [
        ...text.matchAll(/\b(?:title|label|placeholder|description|alt|aria-label)="([^"]*[a-z][^"]*)"/g),
      ]
      const own = [...between, ...properties.map(([, words]) => words)].filter((words) => words?.trim() !== 'Usher')
      assert.deepEqual(own, [])
    })
  }
})
