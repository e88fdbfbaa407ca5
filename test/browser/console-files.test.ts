import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import request from 'supertest'
import { useApp } from '../harness/app.js'
import { SQLITE } from '../harness/sqlite.js'
import { CHECKOUT } from '../house/rooms.js'

const ASSETS = join(CHECKOUT, 'dist/www/assets')

describe('the files of the console, as they were built', () => {
  const app = useApp(SQLITE)

  const scripts = readdirSync(ASSETS).filter((name) => name.endsWith('.js'))

  it('come compressed to whoever can read it, and as they are to everybody else', async () => {
    const name = scripts.find((one) => one.startsWith('index-')) ?? ''
    const sizeFor = async (encoding: string) => {
      const { headers, text } = await request(app.url)
        .get(`/assets/${name}`)
        .set('Accept-Encoding', encoding)
        .expect(200)
      assert.equal(headers['content-type'], 'text/javascript; charset=utf-8')
      assert.equal(headers['cache-control'], 'public, max-age=31536000, immutable')
      assert.match(headers.vary ?? '', /Accept-Encoding/)
      assert.equal(text, readFileSync(join(ASSETS, name), 'utf8'))
      return Number(headers['content-length'])
    }
    assert.ok((await sizeFor('gzip')) < (await sizeFor('identity')) / 2)
  })

  it('are found by their names alone', async () => {
    for (const path of ['/assets/none.js', '/index.html', '/assets/%2e%2e/index.html', '/assets/..%2fstamp'])
      await request(app.url).get(path).set('Accept', '*/*').expect(404)
  })
})
