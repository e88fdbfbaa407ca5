import assert from 'node:assert/strict'
import { createCipheriv, randomBytes } from 'node:crypto'
import type { SamlErrorCode } from '../../saml/errors.js'
import { AES256_CBC, AES256_GCM, encrypted } from './an-idp.js'
import {
  ADA,
  ADMIN,
  around,
  assertRefused,
  DSIG,
  type HostileCase,
  itRefuses,
  plainAssertion,
  SEAL,
  sealed,
  useWorld,
  verifyXml,
  type World,
} from './hostile.js'

const OAEP = 'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p'
const RSA_1_5 = 'http://www.w3.org/2001/04/xmlenc#rsa-1_5'
const TRIPLE_DES = 'http://www.w3.org/2001/04/xmlenc#tripledes-cbc'
const XENC = 'http://www.w3.org/2001/04/xmlenc#'

const signedAssertion = (world: World) => sealed(plainAssertion(world), '_assertion', world.idp.key)

/** A Response around this text, encrypted for us; what the Assertion says of a signature is in the text. */
const holding =
  (text: (world: World) => string, cipher = AES256_GCM, transport = OAEP) =>
  async (world: World): Promise<string> =>
    around(world, await encrypted(text(world), world.ours.certificate, cipher, transport))

/** The same, with what was encrypted changed afterwards. */
const changed =
  (from: string | RegExp, to: string) =>
  async (world: World): Promise<string> =>
    (await holding(signedAssertion)(world)).replace(from, () => to)

/** With a signature of the Response that is none: whoever makes one up may not have us decrypt for him. */
const underBrokenSignature =
  (text: (world: World) => string) =>
  async (world: World): Promise<string> => {
    const secret = await encrypted(text(world), world.ours.certificate, AES256_CBC)
    return sealed(around(world, secret, SEAL), '_response', world.stranger)
  }

/** The key beside the data, found by a URI. */
const retrieved =
  (uri: string) =>
  async (world: World): Promise<string> => {
    const xml = await holding(signedAssertion)(world)
    const key = /<e:EncryptedKey[\s\S]*<\/e:EncryptedKey>/.exec(xml)?.[0] ?? ''
    return xml
      .replace(key, `<RetrievalMethod URI="${uri}"/>`)
      .replace(
        '</saml:EncryptedAssertion>',
        `${key.replace(' ', ` Id="_key" xmlns="${DSIG}" `)}</saml:EncryptedAssertion>`,
      )
  }

const algorithms: readonly HostileCase[] = [
  ['RSA 1.5', 'weak_algorithm', holding(signedAssertion, AES256_GCM, RSA_1_5)],
  ['3DES', 'weak_algorithm', holding(signedAssertion, TRIPLE_DES)],
  ['CBC without a signature of the Response', 'decrypt_failed', holding(signedAssertion, AES256_CBC)],
  ['a cipher that nobody knows', 'weak_algorithm', changed(AES256_GCM, 'urn:none')],
  ['a cipher without a name', 'weak_algorithm', changed(` Algorithm="${AES256_GCM}"`, '')],
  ['a key wrapped by AES', 'weak_algorithm', changed(OAEP, `${XENC}kw-aes256`)],
  [
    'RSA 1.5 of another namespace before the right one',
    'decrypt_failed',
    changed('<e:EncryptionMethod', `<x:EncryptionMethod xmlns:x="urn:x" Algorithm="${RSA_1_5}"/><e:EncryptionMethod`),
  ],
  [
    '3DES of another namespace before the right one',
    'decrypt_failed',
    changed(
      '<xenc:EncryptionMethod',
      `<x:EncryptionMethod xmlns:x="urn:x" Algorithm="${TRIPLE_DES}"/><xenc:EncryptionMethod`,
    ),
  ],
  [
    'a whole EncryptedData of another namespace before the right one',
    'decrypt_failed',
    changed(
      '<xenc:EncryptedData',
      `<x:EncryptedData xmlns:x="urn:x"><x:EncryptionMethod Algorithm="${TRIPLE_DES}"/></x:EncryptedData><xenc:EncryptedData`,
    ),
  ],
]

const keys: readonly HostileCase[] = [
  [
    'a key that is not ours',
    'decrypt_failed',
    async (world) => around(world, await encrypted(signedAssertion(world), world.stranger.certificate)),
  ],
  ['where we have no key', 'decrypt_failed', holding(signedAssertion), () => ({ decryptionKeys: [] })],
  ['where our key is none', 'decrypt_failed', holding(signedAssertion), () => ({ decryptionKeys: ['nonsense'] })],
  ['a key of one byte', 'decrypt_failed', changed(/(<e:CipherValue>)[^<]*/, '<e:CipherValue>AA==')],
  ['an empty key', 'decrypt_failed', changed(/(<e:CipherValue>)[^<]*/, '<e:CipherValue>')],
  ['no KeyInfo', 'decrypt_failed', changed(/<KeyInfo xmlns[\s\S]*<\/e:EncryptedKey>\s*<\/KeyInfo>/, '')],
  [
    'two keys',
    'decrypt_failed',
    async (world) =>
      (await holding(signedAssertion)(world)).replace(/<e:EncryptedKey[\s\S]*<\/e:EncryptedKey>/, (key) => key + key),
  ],
  ['a key at a URL', 'decrypt_failed', retrieved('http://127.0.0.1:9/key')],
  [
    'a key at an expression of XPath',
    'decrypt_failed',
    retrieved("#x' or count(//*[count(//*[count(//*)&gt;0])&gt;0])=0 or 'a'='b"),
  ],
  ['a key at a URI with a quotation mark', 'decrypt_failed', retrieved("#_key' or '1'='1")],
  ['a key at no URI', 'decrypt_failed', retrieved('')],
]

const secrets: readonly HostileCase[] = [
  [
    'two Assertions, one in the other',
    'shape',
    holding((world) => plainAssertion(world, signedAssertion(world).replace('_assertion', '_b')).replace(SEAL, '')),
  ],
  ['two Assertions side by side', 'bad_xml', holding((world) => signedAssertion(world) + signedAssertion(world))],
  ['a Response', 'decrypt_failed', holding((world) => around(world, signedAssertion(world)))],
  ['garbage', 'bad_xml', holding(() => 'garbage')],
  ['nothing', 'bad_xml', holding(() => ' ')],
  ['a DOCTYPE', 'bad_xml', holding((world) => `<!DOCTYPE a>${signedAssertion(world)}`)],
  [
    'an external entity',
    'bad_xml',
    holding(
      (world) =>
        `<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]>${signedAssertion(world).replace(ADA, '&e;')}`,
    ),
  ],
  ['a comment', 'bad_xml', holding((world) => signedAssertion(world).replace(ADA, 'ada<!-- -->@acme.example'))],
  ['a null byte', 'bad_xml', holding((world) => signedAssertion(world).replace(ADA, `${ADA}\u0000`))],
  [
    'twenty thousand elements',
    'bad_xml',
    holding((world) => signedAssertion(world).replace('<saml:Subject>', `${'<a/>'.repeat(20_000)}<saml:Subject>`)),
  ],
  [
    'an Assertion of another namespace',
    'decrypt_failed',
    holding(() => '<Assertion xmlns="urn:x" ID="_1" Version="2.0"/>'),
  ],
  [
    'an Assertion whose prefix is declared outside',
    'bad_xml',
    holding((world) => signedAssertion(world).replace(/ xmlns:saml="[^"]*"/, '')),
  ],
  ['an unsigned Assertion', 'not_signed', holding((world) => plainAssertion(world).replace(SEAL, ''))],
  [
    'an Assertion signed by a stranger',
    'bad_signature',
    holding((world) => sealed(plainAssertion(world), '_assertion', world.stranger)),
  ],
  [
    'a signed Assertion that was changed',
    'bad_signature',
    holding((world) => signedAssertion(world).replace(ADA, ADMIN)),
  ],
  [
    'an Assertion with a weak digest',
    'weak_algorithm',
    holding((world) =>
      signedAssertion(world).replace(
        'http://www.w3.org/2001/04/xmlenc#sha256',
        'http://www.w3.org/2000/09/xmldsig#sha1',
      ),
    ),
  ],
  [
    'an EncryptedAssertion',
    'decrypt_failed',
    async (world) => {
      const inner = await encrypted(signedAssertion(world), world.ours.certificate)
      return around(world, await encrypted(inner, world.ours.certificate))
    },
  ],
  [
    'an EncryptedID in a signed Assertion',
    'no_identifier',
    holding((world) =>
      sealed(
        plainAssertion(world).replace(/<saml:NameID>.*<\/saml:NameID>/, '<saml:EncryptedID></saml:EncryptedID>'),
        '_assertion',
        world.idp.key,
      ),
    ),
  ],
]

const oracle: readonly (readonly [name: string, code: SamlErrorCode, text: (world: World) => string])[] = [
  ['a right Assertion', 'bad_signature', (world) => plainAssertion(world).replace(SEAL, '')],
  ['garbage', 'decrypt_failed', () => 'garbage'],
  ['another element', 'decrypt_failed', () => '<a/>'],
  ['two Assertions', 'decrypt_failed', (world) => plainAssertion(world, signedAssertion(world)).replace(SEAL, '')],
  ['a DOCTYPE', 'decrypt_failed', () => '<!DOCTYPE a><a/>'],
  [
    'a misplaced Signature',
    'decrypt_failed',
    (world) => plainAssertion(world, '<Signature></Signature>').replace(SEAL, ''),
  ],
]

describe('an encrypted assertion that hides something (SAML.md e.10)', () => {
  const world = useWorld()

  it('is accepted where it hides a signed Assertion', async () => {
    const assertion = await verifyXml(world, await holding(signedAssertion)(world))
    assert.equal(assertion.nameId?.value, ADA)
  })

  it('is accepted where its key stands beside the data', async () => {
    const assertion = await verifyXml(world, await retrieved('#_key')(world))
    assert.equal(assertion.nameId?.value, ADA)
  })

  it('is accepted in CBC under a signature of the Response', async () => {
    const secret = await encrypted(plainAssertion(world).replace(SEAL, ''), world.ours.certificate, AES256_CBC)
    const assertion = await verifyXml(
      world,
      sealed(canonicalSecret(around(world, secret, SEAL)), '_response', world.idp.key),
    )
    assert.equal(assertion.nameId?.value, ADA)
  })

  itRefuses(world, algorithms)
  itRefuses(world, keys)
  itRefuses(world, secrets)

  for (const [name, code, text] of oracle) {
    it(`in CBC under a made-up signature, ${name}: ${code}, which people see as one`, async () => {
      await assertRefused(verifyXml(world, await underBrokenSignature(text)(world)), code)
    })
  }

  it('refuses every changed byte of a text in GCM', async () => {
    const xml = await holding(signedAssertion)(world)
    const [, value = ''] = /<xenc:CipherValue>([^<]*)/.exec(xml) ?? []
    for (let at = 0; at < 40; at++) {
      const bytes = Buffer.from(value, 'base64')
      const where = Math.floor((at * (bytes.length - 1)) / 39)
      bytes[where] = (bytes[where] ?? 0) ^ 1
      await assertRefused(verifyXml(world, xml.replace(value, bytes.toString('base64'))), 'decrypt_failed')
    }
  })

  it('refuses a text in GCM that is cut to its last bytes', async () => {
    const xml = await holding(signedAssertion)(world)
    const [, value = ''] = /<xenc:CipherValue>([^<]*)/.exec(xml) ?? []
    for (const length of [0, 1, 4, 12, 13, 16, 27, 28, 29]) {
      const cut = Buffer.from(value, 'base64').subarray(0, length).toString('base64')
      await assertRefused(verifyXml(world, xml.replace(value, cut)), 'decrypt_failed')
    }
  })

  it('refuses a key for GCM that is used for CBC, whatever comes out', async () => {
    const xml = await underBrokenSignature(() => '<a/>')(world)
    const codes = new Set<string>()
    for (let at = 0; at < 20; at++) {
      const cipher = createCipheriv('aes-256-cbc', randomBytes(32), randomBytes(16))
      const noise = Buffer.concat([randomBytes(16), cipher.update('<a/>'), cipher.final()]).toString('base64')
      const text = xml.replace(/(<xenc:CipherValue>)[^<]*/, (_, tag) => tag + noise)
      await verifyXml(world, text).catch((error: { code: string }) => codes.add(error.code))
    }
    assert.deepEqual([...codes], ['decrypt_failed'])
  })
})

/** The encrypting library writes what it writes; this is what a canonicalizer makes of it. */
function canonicalSecret(xml: string): string {
  return xml
    .replaceAll(/<(\w+:)?(EncryptionMethod|DigestMethod)( Algorithm="[^"]*") \/>/g, '<$1$2$3></$1$2>')
    .replace(
      `<xenc:EncryptedData Type="${XENC}Element" xmlns:xenc="${XENC}">`,
      `<xenc:EncryptedData xmlns:xenc="${XENC}" Type="${XENC}Element">`,
    )
}
