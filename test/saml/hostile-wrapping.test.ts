import { encrypted } from './an-idp.js'
import { ADA, ADMIN, answer, type HostileCase, itRefuses, partsOf, useWorld, type World } from './hostile.js'

type Parts = ReturnType<typeof partsOf> & { readonly xml: string }

/** An answer whose Assertion is signed, put together again. */
const assertionSigned =
  (build: (parts: Parts) => string) =>
  async (world: World): Promise<string> => {
    const xml = await answer(world, {}, { sign: ['assertion'] })
    return build({ xml, ...partsOf(xml) })
  }

/** An answer that is signed as a whole. */
const responseSigned =
  (build: (parts: Parts & { readonly evilResponse: string; readonly inner: string }) => string) =>
  async (world: World): Promise<string> => {
    const xml = await answer(world)
    const parts = partsOf(xml)
    const inner = xml.replace(parts.signature, '')
    const evilResponse = inner.replace('ID="_response"', 'ID="_evilResponse"').replace(parts.assertion, parts.evil)
    return build({ xml, ...parts, inner, evilResponse })
  }

/** An answer whose Assertion is signed, and of which a part is then encrypted for us. */
const thenEncrypted =
  (what: (parts: Parts) => string, then: (parts: Parts, secret: string) => string, sign: 'assertion' | 'response') =>
  async (world: World): Promise<string> => {
    const xml = await answer(world, {}, { sign: [sign] })
    const parts = { xml, ...partsOf(xml) }
    return then(parts, await encrypted(what(parts), world.ours.certificate))
  }

const intoObject = (signature: string, text: string) =>
  signature.replace(/<\/((?:ds:)?)Signature>$/, (end, p) => `<${p}Object>${text}</${p}Object>${end}`)
const intoKeyInfo = (signature: string, text: string) => signature.replace(/<\/(?:ds:)?KeyInfo>/, (end) => text + end)
const atEnd = (element: string, text: string) => element.replace(/<\/saml:Assertion>$/, (end) => text + end)
const afterIssuer = (element: string, text: string) => element.replace('</saml:Issuer>', (end) => end + text)
const extensions = (text: string) => `<samlp:Extensions>${text}</samlp:Extensions>`
const advice = (text: string) => `<saml:Advice>${text}</saml:Advice>`
const value = (text: string) =>
  `<saml:AttributeStatement><saml:Attribute Name="x"><saml:AttributeValue>${text}</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>`
const foreign = (attribute: string) =>
  assertionSigned(({ xml }) => afterIssuer(xml, extensions(`<x:a xmlns:x="urn:x" ${attribute}="_assertion"/>`)))

const classic: readonly HostileCase[] = [
  [
    'XSW1: the signed Response inside the signature of a forged one',
    'shape',
    responseSigned(({ evilResponse, signature, inner }) => afterIssuer(evilResponse, intoObject(signature, inner))),
  ],
  [
    'XSW1 with the signed Response in KeyInfo',
    'shape',
    responseSigned(({ evilResponse, signature, inner }) => afterIssuer(evilResponse, intoKeyInfo(signature, inner))),
  ],
  [
    'XSW2: the signed Response before the signature of a forged one',
    'shape',
    responseSigned(({ evilResponse, signature, inner }) => afterIssuer(evilResponse, inner + signature)),
  ],
  [
    'XSW2 in Extensions',
    'shape',
    responseSigned(({ evilResponse, signature, inner }) => afterIssuer(evilResponse, signature + extensions(inner))),
  ],
  [
    'XSW3: a forged Assertion before the signed one',
    'shape',
    assertionSigned(({ xml, evil, assertion }) => xml.replace(assertion, evil + assertion)),
  ],
  [
    'XSW3 the other way round',
    'shape',
    assertionSigned(({ xml, evil, assertion }) => xml.replace(assertion, assertion + evil)),
  ],
  [
    'XSW4: the signed Assertion inside the forged one',
    'shape',
    assertionSigned(({ xml, evil, assertion }) => xml.replace(assertion, atEnd(evil, assertion))),
  ],
  [
    'XSW5: the signature in the forged Assertion, the signed one behind it',
    'shape',
    assertionSigned(({ xml, evil, assertion, signature, unsigned }) =>
      xml.replace(assertion, afterIssuer(evil, signature) + unsigned),
    ),
  ],
  [
    'XSW6: the signed Assertion inside the signature of the forged one',
    'shape',
    assertionSigned(({ xml, evil, assertion, signature, unsigned }) =>
      xml.replace(assertion, afterIssuer(evil, intoKeyInfo(signature, unsigned))),
    ),
  ],
  [
    'XSW7: a forged Assertion in Extensions',
    'shape',
    assertionSigned(({ xml, evil }) => afterIssuer(xml, extensions(evil))),
  ],
  [
    'XSW8: the signed Assertion in an Object of the forged one',
    'shape',
    assertionSigned(({ xml, evil, assertion, signature, unsigned }) =>
      xml.replace(assertion, afterIssuer(evil, intoObject(signature, unsigned))),
    ),
  ],
]

const elsewhere: readonly HostileCase[] = [
  [
    'the signed Assertion in Extensions, a forged one in its place',
    'shape',
    assertionSigned(({ xml, evil, assertion }) => afterIssuer(xml.replace(assertion, evil), extensions(assertion))),
  ],
  [
    'the signed Assertion in the Advice of a forged one',
    'shape',
    assertionSigned(({ xml, evil, assertion }) => xml.replace(assertion, atEnd(evil, advice(assertion)))),
  ],
  [
    'the signed Assertion in an AttributeValue of a forged one',
    'shape',
    assertionSigned(({ xml, evil, assertion }) => xml.replace(assertion, atEnd(evil, value(assertion)))),
  ],
  [
    'the signed Assertion in the Status',
    'shape',
    assertionSigned(({ xml, evil, assertion }) =>
      xml
        .replace(assertion, evil)
        .replace('</samlp:Status>', `<samlp:StatusDetail>${assertion}</samlp:StatusDetail></samlp:Status>`),
    ),
  ],
  [
    'the signed Assertion under another parent',
    'shape',
    assertionSigned(({ xml, assertion }) => xml.replace(assertion, extensions(assertion))),
  ],
  [
    'a forged Assertion under the ID of the signed one',
    'shape',
    assertionSigned(({ xml, evil, assertion }) =>
      xml.replace(assertion, evil.replace('_evil', '_assertion') + assertion),
    ),
  ],
  [
    'the signed Assertion twice',
    'shape',
    assertionSigned(({ xml, assertion }) => xml.replace(assertion, assertion + assertion)),
  ],
  [
    'the signature in a forged Assertion alone',
    'shape',
    assertionSigned(({ xml, evil, assertion, signature }) => xml.replace(assertion, afterIssuer(evil, signature))),
  ],
  [
    'the signature in a forged Assertion under the same ID',
    'bad_signature',
    assertionSigned(({ xml, evil, assertion, signature }) =>
      xml.replace(assertion, afterIssuer(evil.replace('_evil', '_assertion'), signature)),
    ),
  ],
  [
    'the signature of the Assertion moved up to the Response',
    'shape',
    assertionSigned(({ xml, assertion, signature, unsigned }) =>
      afterIssuer(xml.replace(assertion, unsigned), signature).replace(ADA, ADMIN),
    ),
  ],
  [
    'the signature of the Response moved down to the Assertion',
    'shape',
    responseSigned(({ inner, unsigned, signature }) => inner.replace(unsigned, afterIssuer(unsigned, signature))),
  ],
  [
    'two signatures on one Assertion',
    'shape',
    assertionSigned(({ xml, signature }) => xml.replace(signature, signature + signature)),
  ],
  [
    'the signature deeper in the Assertion',
    'shape',
    assertionSigned(({ xml, signature }) =>
      xml.replace(signature, '').replace('</saml:Subject>', `${signature}</saml:Subject>`),
    ),
  ],
  [
    'an Assertion of another namespace beside the signed one',
    'shape',
    assertionSigned(({ xml, evil, assertion }) =>
      xml.replace(assertion, evil.replace('SAML:2.0:assertion', 'SAML:1.0:assertion') + assertion),
    ),
  ],
  [
    'an Assertion without a namespace beside the signed one',
    'shape',
    assertionSigned(({ xml, assertion }) => xml.replace(assertion, `${assertion}<Assertion ID="_evil"/>`)),
  ],
  [
    'an EncryptedAssertion beside the signed one',
    'shape',
    assertionSigned(({ xml, assertion }) => xml.replace(assertion, `<saml:EncryptedAssertion/>${assertion}`)),
  ],
  ['no Assertion at all', 'shape', assertionSigned(({ xml, assertion }) => xml.replace(assertion, ''))],
]

const ids: readonly HostileCase[] = [
  ...['xml:id', 'Id', 'id', 'ID', 'iD', 'x:ID', 'x:Id'].map(
    (name): HostileCase => [`the ID of the Assertion as ${name} elsewhere`, 'shape', foreign(name)],
  ),
  [
    'the ID of the Assertion as wsu:Id of the Response',
    'shape',
    assertionSigned(({ xml }) =>
      xml.replace('<samlp:Response', '<samlp:Response xmlns:wsu="urn:wsu" wsu:Id="_assertion"'),
    ),
  ],
  [
    'an Assertion whose ID is an Id',
    'shape',
    assertionSigned(({ xml }) => xml.replace('ID="_assertion"', 'Id="_assertion"')),
  ],
  [
    'an Assertion whose ID has a prefix',
    'shape',
    assertionSigned(({ xml }) => xml.replace('ID="_assertion"', 'saml:ID="_assertion"')),
  ],
  [
    'an Assertion with an Id beside its ID',
    'bad_signature',
    assertionSigned(({ xml }) => xml.replace('ID="_assertion"', 'ID="_assertion" Id="_other"')),
  ],
  [
    'an Assertion with two attributes ID',
    'bad_xml',
    assertionSigned(({ xml }) => xml.replace('ID="_assertion"', 'ID="_evil" ID="_assertion"')),
  ],
  ['an Assertion with an empty ID', 'shape', assertionSigned(({ xml }) => xml.replaceAll('_assertion', ''))],
]

const hidden: readonly HostileCase[] = [
  [
    'a forged, encrypted Assertion in place of the signed one, that in Extensions',
    'shape',
    thenEncrypted(
      ({ evil }) => evil,
      ({ xml, assertion }, secret) => afterIssuer(xml.replace(assertion, secret), extensions(assertion)),
      'assertion',
    ),
  ],
  [
    'a forged, encrypted Assertion that nobody signed',
    'not_signed',
    thenEncrypted(
      ({ evil }) => evil,
      ({ xml, assertion }, secret) => xml.replace(assertion, secret),
      'assertion',
    ),
  ],
  [
    'a forged, encrypted Assertion around the signed one',
    'shape',
    thenEncrypted(
      ({ evil, assertion }) => atEnd(evil, advice(assertion)),
      ({ xml, assertion }, secret) => xml.replace(assertion, secret),
      'assertion',
    ),
  ],
  [
    'a forged, encrypted Assertion with the signature of another',
    'shape',
    thenEncrypted(
      ({ evil, signature }) => afterIssuer(evil, signature),
      ({ xml, assertion }, secret) => xml.replace(assertion, secret),
      'assertion',
    ),
  ],
  [
    'a forged, encrypted Assertion with an ID twice',
    'shape',
    thenEncrypted(
      ({ assertion }) => atEnd(assertion, advice('<x Id="_assertion"/>')),
      ({ xml, assertion }, secret) => xml.replace(assertion, secret),
      'assertion',
    ),
  ],
  [
    'a forged, encrypted Assertion in a signed Response',
    'bad_signature',
    thenEncrypted(
      ({ evil }) => evil,
      ({ xml, assertion }, secret) => xml.replace(assertion, secret),
      'response',
    ),
  ],
]

describe('a signed document wrapped into a forged one (Core §5.4.2)', () => {
  const world = useWorld()
  itRefuses(world, classic)
  itRefuses(world, elsewhere)
  itRefuses(world, ids)
  itRefuses(world, hidden)
})
