import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { validateXML } from 'xmllint-wasm'
import { createKeyPair } from '../../saml/key-pair.js'
import { serviceProviderOf, spMetadata } from '../../saml/sp-metadata.js'
import { useApp } from '../harness/app.js'
import { forEachDatabaseInTime } from '../harness/database.js'
import { TestIdp } from './an-idp.js'

/** The schema of SAML metadata, and what it imports. */
const NAMES = ['saml-schema-metadata-2.0', 'saml-schema-assertion-2.0', 'xmldsig-core-schema', 'xenc-schema', 'xml']
const FILES = NAMES.map((name) => {
  const text = readFileSync(new URL(`schemas/${name}.xsd`, import.meta.url), 'utf8')
  // They name each other by addresses on the network, where a test does not look.
  const contents = text.replaceAll(/schemaLocation=(["'])[^"']*\/([\w.-]+\.xsd)\1/g, 'schemaLocation="$2"')
  return { fileName: `${name}.xsd`, contents }
})

/** The names of those documents that libxml2 does not find valid, by the schema of OASIS. */
async function invalidOf(documents: Readonly<Record<string, string>>): Promise<string[]> {
  const { errors } = await validateXML({
    xml: Object.entries(documents).map(([name, contents]) => ({ fileName: `${name}.xml`, contents })),
    schema: FILES[0]!,
    preload: FILES.slice(1),
  })
  return [
    ...new Set(errors.map(({ loc, rawMessage }) => (loc?.fileName ?? rawMessage).replace(/\.xml\b.*/, ''))),
  ].sort()
}

/** Our metadata, made wrong. */
const SPOILT: Readonly<Record<string, readonly [from: string, to: string]>> = {
  'unknown-element': ['</md:SPSSODescriptor>', '<md:Unknown/></md:SPSSODescriptor>'],
  'wrong-order': ['</md:EntityDescriptor>', '<md:Extensions/></md:EntityDescriptor>'],
  'no-index': [' index="0"', ''],
  'no-boolean': ['isDefault="true"', 'isDefault="maybe"'],
  'no-such-use': ['use="signing"', 'use="both"'],
}

describe('the schema of OASIS for metadata (saml-schema-metadata-2.0.xsd)', function () {
  this.timeout(20_000)

  it('takes our metadata and refuses what was spoilt, so the check is one', async () => {
    const { certificate } = await createKeyPair('usher', new Date())
    const good = spMetadata(serviceProviderOf('https://usher.example', 'c&1'), [certificate])
    const spoilt = Object.entries(SPOILT).map(([name, [from, to]]) => [name, good.replace(from, to)] as const)
    const idp = (await TestIdp.create('https://idp.example/entity')).metadata()
    const invalid = await invalidOf({ good, idp, ...Object.fromEntries(spoilt) })
    assert.deepEqual(invalid, Object.keys(SPOILT).sort())
  })
})

forEachDatabaseInTime((database) => {
  describe('GET /saml/{c}/metadata (issue 3, done when 2)', () => {
    const app = useApp(database)

    it('validates against the schema of OASIS, with one key and while there are two', async () => {
      const account = await app.anAccount()
      const connection = await account.aConnection()
      const read = async () => (await fetch(`${app.url}/saml/${connection.id}/metadata`)).text()
      const one = await read()
      const idp = await TestIdp.create('https://idp.example/entity')
      await account.admin('put', `/connections/${connection.id}/saml`, { idpMetadataXml: idp.metadata() }).expect(200)
      await account.admin('post', `/connections/${connection.id}/saml/rotate-key`).expect(200)
      const two = await read()
      assert.deepEqual(
        [one, two].map((xml) => xml.match(/use="signing"/g)?.length),
        [1, 2],
      )
      assert.deepEqual(await invalidOf({ one, two }), [])
    })
  })
})
