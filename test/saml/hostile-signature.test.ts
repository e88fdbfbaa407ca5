import { createHash, createHmac } from 'node:crypto'
import type { KeyPair } from '../../saml/key-pair.js'
import {
  ADA,
  ADMIN,
  answer,
  around,
  DSIG,
  derOf,
  EXC_C14N,
  type HostileCase,
  itRefuses,
  plainAssertion,
  type Sealing,
  sealed,
  transform,
  useWorld,
  verifyXml,
  type World,
} from './hostile.js'

const ENVELOPED = `${DSIG}enveloped-signature`
const SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256'

/** An Assertion that the identity provider has signed in this odd way. */
const oddlySealed =
  (sealing: Sealing, whose: (world: World) => KeyPair = ({ idp }) => idp.key) =>
  (world: World): string =>
    around(world, sealed(plainAssertion(world), '_assertion', whose(world), sealing))
/** A signature that is right, changed afterwards. */
const changed = (from: string | RegExp, to: string) => oddlySealed({ signature: (xml) => xml.replace(from, () => to) })
const namedSignature = (algorithm: string) =>
  oddlySealed({ signedInfo: (xml) => xml.replace(/http:[^"]*rsa-sha256/, algorithm) })
const namedDigest = (algorithm: string) => oddlySealed({ signedInfo: (xml) => xml.replace(SHA256, algorithm) })
const namedC14n = (algorithm: string) =>
  oddlySealed({ c14n: `<ds:CanonicalizationMethod Algorithm="${algorithm}"></ds:CanonicalizationMethod>` })
const transforms = (...list: string[]) => oddlySealed({ transforms: list })
const c14n = transform(EXC_C14N)
const enveloped = transform(ENVELOPED)

const keys: readonly HostileCase[] = [
  [
    'a stranger’s signature with his certificate in KeyInfo',
    'bad_signature',
    oddlySealed({}, ({ stranger }) => stranger),
  ],
  [
    'a stranger’s signature with the right certificate in KeyInfo',
    'bad_signature',
    (world) => oddlySealed({}, ({ stranger }) => stranger)(world).replace(derOf(world.stranger), derOf(world.idp.key)),
  ],
  ['a signature by our own key', 'bad_signature', oddlySealed({}, ({ ours }) => ours)],
  ['a right signature where no certificate is stored', 'bad_signature', oddlySealed({}), () => ({ certificates: [] })],
  [
    'a right signature where another certificate is stored',
    'bad_signature',
    oddlySealed({}),
    ({ stranger }) => ({ certificates: [stranger.certificate] }),
  ],
  [
    'a right signature where what is stored is no certificate',
    'bad_signature',
    oddlySealed({}),
    () => ({ certificates: ['nonsense'] }),
  ],
  [
    'HMAC keyed with the public certificate',
    'weak_algorithm',
    (world) => hmac(world, world.idp.key.certificate, `${DSIG}hmac-sha1`),
  ],
  [
    'HMAC-SHA256 keyed with the public certificate',
    'weak_algorithm',
    (world) => hmac(world, world.idp.key.certificate, 'http://www.w3.org/2001/04/xmldsig-more#hmac-sha256'),
  ],
  [
    'HMAC of length nought',
    'shape',
    oddlySealed({
      signedInfo: (xml) =>
        xml.replace('</ds:SignatureMethod>', '<ds:HMACOutputLength>0</ds:HMACOutputLength></ds:SignatureMethod>'),
    }),
  ],
  ['an empty SignatureValue', 'bad_signature', changed(/<ds:SignatureValue>[^<]*/, '<ds:SignatureValue>')],
  ['no SignatureValue', 'shape', changed(/<ds:SignatureValue>.*<\/ds:SignatureValue>/, '')],
  [
    'a SignatureValue of noughts',
    'bad_signature',
    changed(/<ds:SignatureValue>[^<]*/, `<ds:SignatureValue>${'A'.repeat(344)}`),
  ],
  [
    'a SignatureValue that is no base64',
    'bad_signature',
    changed(/<ds:SignatureValue>[^<]*/, '<ds:SignatureValue>%%%'),
  ],
]

const algorithms: readonly HostileCase[] = [
  ...[
    '',
    'none',
    `${DSIG}rsa-sha1`,
    `${DSIG}dsa-sha1`,
    'http://www.w3.org/2001/04/xmldsig-more#rsa-md5',
    'http://www.w3.org/2001/04/xmldsig-more#rsa-sha384',
    'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256',
    'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1',
    'HTTP://WWW.W3.ORG/2001/04/XMLDSIG-MORE#RSA-SHA256',
    '__proto__',
    'constructor',
  ].map((name): HostileCase => [`SignatureMethod “${name}”`, 'weak_algorithm', namedSignature(name)]),
  ...[`${DSIG}sha1`, 'http://www.w3.org/2001/04/xmldsig-more#md5', '', 'toString'].map(
    (name): HostileCase => [`DigestMethod “${name}”`, 'weak_algorithm', namedDigest(name)],
  ),
  ...['http://www.w3.org/2006/12/xml-c14n11', 'urn:none', '', ENVELOPED].map(
    (name): HostileCase => [`CanonicalizationMethod “${name}”`, 'weak_algorithm', namedC14n(name)],
  ),
  [
    'a SignatureMethod without a name',
    'weak_algorithm',
    oddlySealed({ signedInfo: (xml) => xml.replace(/ Algorithm="[^"]*rsa-sha256"/, '') }),
  ],
  [
    'SHA-1 in an attribute with a prefix, which an engine takes for the name',
    'shape',
    oddlySealed({
      signedInfo: (xml) =>
        xml
          .replace('<ds:SignedInfo ', '<ds:SignedInfo xmlns:x="urn:x" ')
          .replace('<ds:DigestMethod ', `<ds:DigestMethod x:Algorithm="${DSIG}sha1" `),
    }),
  ],
  [
    'SHA-1 in a DigestMethod of another namespace',
    'shape',
    oddlySealed({
      signedInfo: (xml) =>
        xml.replace('<ds:DigestMethod ', `<x:DigestMethod xmlns:x="urn:x" Algorithm="${DSIG}sha1"/><ds:DigestMethod `),
    }),
  ],
  [
    'a SignatureMethod in a KeyInfo before the SignedInfo',
    'shape',
    changed(
      '<ds:SignedInfo ',
      `<ds:KeyInfo><ds:SignatureMethod Algorithm="${DSIG}rsa-sha1"/></ds:KeyInfo><ds:SignedInfo `,
    ),
  ],
]

const references: readonly HostileCase[] = [
  ['a reference to nothing', 'shape', oddlySealed({ signedInfo: (xml) => xml.replace('#_assertion', '') })],
  [
    'a reference to another element',
    'shape',
    oddlySealed({ signedInfo: (xml) => xml.replace('#_assertion', '#_response') }),
  ],
  [
    'a reference to what is not there',
    'shape',
    oddlySealed({ signedInfo: (xml) => xml.replace('#_assertion', '#_x') }),
  ],
  [
    'a reference to a file',
    'shape',
    oddlySealed({ signedInfo: (xml) => xml.replace('#_assertion', 'file:///etc/hostname') }),
  ],
  [
    'a reference by XPointer',
    'shape',
    oddlySealed({ signedInfo: (xml) => xml.replace('#_assertion', "#xpointer(id('_assertion'))") }),
  ],
  ['a reference without URI', 'shape', oddlySealed({ signedInfo: (xml) => xml.replace(/ URI="[^"]*"/, '') })],
  [
    'two references',
    'shape',
    oddlySealed({ signedInfo: (xml) => xml.replace(/<ds:Reference.*<\/ds:Reference>/, (one) => one + one) }),
  ],
  [
    'two references, the first to the Response',
    'shape',
    oddlySealed({
      signedInfo: (xml) =>
        xml.replace(/<ds:Reference.*<\/ds:Reference>/, (one) => one.replace('#_assertion', '#_response') + one),
    }),
  ],
  ['no reference', 'shape', oddlySealed({ signedInfo: (xml) => xml.replace(/<ds:Reference.*<\/ds:Reference>/, '') })],
  [
    'fifty references',
    'shape',
    oddlySealed({ signedInfo: (xml) => xml.replace(/<ds:Reference.*<\/ds:Reference>/, (one) => one.repeat(50)) }),
  ],
  [
    'a Manifest',
    'shape',
    oddlySealed({
      signature: (xml) => xml.replace('</ds:Signature>', '<ds:Object><ds:Manifest/></ds:Object></ds:Signature>'),
    }),
  ],
  [
    'a quotation mark in the ID and in the reference',
    'bad_signature',
    (world) => oddlySealed({})(world).replaceAll('_assertion"', "_assertion' or '1'='1\""),
  ],
  ['two SignedInfo', 'shape', changed(/<ds:SignedInfo.*<\/ds:SignedInfo>/, '<ds:SignedInfo/><ds:SignedInfo/>')],
  [
    'a second SignedInfo behind the signed one',
    'shape',
    oddlySealed({ signature: (xml) => xml.replace(/<ds:SignedInfo.*<\/ds:SignedInfo>/, (one) => one + one) }),
  ],
  [
    'a SignedInfo in KeyInfo',
    'shape',
    oddlySealed({
      signature: (xml) => xml.replace(/(<ds:SignedInfo.*<\/ds:SignedInfo>)(.*)<\/ds:KeyInfo>/, '$1$2$1</ds:KeyInfo>'),
    }),
  ],
  [
    'a SignedInfo in an Extension',
    'shape',
    (world) =>
      around(
        world,
        sealed(plainAssertion(world), '_assertion', world.idp.key),
        '<samlp:Extensions><SignedInfo/></samlp:Extensions>',
      ),
  ],
  [
    'two DigestValue',
    'shape',
    oddlySealed({ signedInfo: (xml) => xml.replace(/<ds:DigestValue>.*<\/ds:DigestValue>/, (one) => one + one) }),
  ],
  [
    'an element in DigestValue',
    'shape',
    oddlySealed({ signedInfo: (xml) => xml.replace('</ds:DigestValue>', '<x></x></ds:DigestValue>') }),
  ],
  [
    'an empty DigestValue',
    'bad_signature',
    oddlySealed({ signedInfo: (xml) => xml.replace(/(<ds:DigestValue>)[^<]*/, '$1') }),
  ],
  [
    'a DigestValue of what the forger wrote',
    'bad_signature',
    (world) => {
      const xml = sealed(plainAssertion(world), '_assertion', world.idp.key)
      const forged = plainAssertion(world).replace(ADA, ADMIN).replace('%SIGNATURE%', '')
      const digest = createHash('sha256').update(forged).digest('base64')
      return around(
        world,
        xml.replace(ADA, ADMIN).replace(/(<ds:DigestValue>)[^<]*/, (_, tag) => tag + digest),
      )
    },
  ],
  ...(
    [
      ['a comment', '<!-- x -->'],
      ['a processing instruction', '<?x y?>'],
      ['a CDATA section', '<![CDATA[x]]>'],
    ] as const
  ).flatMap(([what, text]): HostileCase[] => [
    [`${what} in DigestValue`, 'bad_xml', changed('<ds:DigestValue>', `<ds:DigestValue>${text}`)],
    [`${what} in SignatureValue`, 'bad_xml', changed('<ds:SignatureValue>', `<ds:SignatureValue>${text}`)],
    [`${what} in NameID`, 'bad_xml', (world) => oddlySealed({})(world).replace(ADA, `ada${text}@acme.example`)],
    [
      `${what} in Audience`,
      'bad_xml',
      (world) => oddlySealed({})(world).replace('</saml:Audience>', `${text}</saml:Audience>`),
    ],
    [
      `${what} between elements`,
      'bad_xml',
      (world) => oddlySealed({})(world).replace('<saml:Subject>', `${text}<saml:Subject>`),
    ],
  ]),
]

const transformations: readonly HostileCase[] = [
  ['no transform', 'shape', transforms()],
  ['canonicalization alone', 'shape', transforms(c14n)],
  ['the transforms the other way round', 'shape', transforms(c14n, enveloped)],
  ['three transforms', 'shape', transforms(enveloped, c14n, c14n)],
  ['the enveloped transform twice', 'weak_algorithm', transforms(enveloped, enveloped)],
  ['base64', 'weak_algorithm', transforms(enveloped, transform(`${DSIG}base64`))],
  [
    'XPath',
    'weak_algorithm',
    transforms(
      enveloped,
      transform('http://www.w3.org/TR/1999/REC-xpath-19991116', '<ds:XPath>not(ancestor-or-self::*)</ds:XPath>'),
    ),
  ],
  [
    'XPath Filter 2',
    'weak_algorithm',
    transforms(enveloped, transform('http://www.w3.org/2002/06/xmldsig-filter2', '<XPath Filter="subtract">/</XPath>')),
  ],
  [
    'XSLT',
    'weak_algorithm',
    transforms(
      enveloped,
      transform(
        'http://www.w3.org/TR/1999/REC-xslt-19991116',
        '<stylesheet xmlns="http://www.w3.org/1999/XSL/Transform"/>',
      ),
    ),
  ],
  [
    'XSLT before everything',
    'shape',
    transforms(
      transform(
        'http://www.w3.org/TR/1999/REC-xslt-19991116',
        '<stylesheet xmlns="http://www.w3.org/1999/XSL/Transform"/>',
      ),
      enveloped,
    ),
  ],
  ['XPath inside of enveloped-signature', 'shape', transforms(transform(ENVELOPED, '<ds:XPath>x</ds:XPath>'), c14n)],
  [
    'a transform in a canonicalization',
    'shape',
    transforms(enveloped, transform(EXC_C14N, transform('http://www.w3.org/TR/1999/REC-xpath-19991116'))),
  ],
  [
    'a prefix list of thousands',
    'shape',
    transforms(
      enveloped,
      transform(EXC_C14N, `<InclusiveNamespaces xmlns="${EXC_C14N}" PrefixList="${'a '.repeat(20_000)}"/>`),
    ),
  ],
  [
    'a prefix list of thousands for the SignedInfo',
    'shape',
    oddlySealed({
      c14n: `<ds:CanonicalizationMethod Algorithm="${EXC_C14N}"><InclusiveNamespaces xmlns="${EXC_C14N}" PrefixList="${'a '.repeat(20_000)}"/></ds:CanonicalizationMethod>`,
    }),
  ],
]

function hmac(world: World, secret: string, algorithm: string): string {
  const xml = namedSignature(algorithm)(world)
  const info = /<ds:SignedInfo.*<\/ds:SignedInfo>/.exec(xml)?.[0] ?? ''
  const value = createHmac(algorithm.endsWith('sha1') ? 'sha1' : 'sha256', secret)
    .update(info)
    .digest('base64')
  return xml.replace(/(<ds:SignatureValue>)[^<]*/, (_, tag) => tag + value)
}

describe('a signature that is not what it seems (Core §5.4)', () => {
  const world = useWorld()

  it('is accepted where it is right, though no library of ours made it', async () => {
    await verifyXml(world, oddlySealed({})(world))
  })

  itRefuses(world, keys)
  itRefuses(world, algorithms)
  itRefuses(world, references)
  itRefuses(world, transformations)

  itRefuses(world, [
    ['unsigned', 'not_signed', () => answer(world, {}, { sign: [] })],
    [
      'a broken signature of the Response beside a right one of the Assertion',
      'bad_signature',
      async () => {
        const xml = await answer(world, {}, { sign: ['response', 'assertion'] })
        return xml.replace(/(<SignatureValue>)..../, '$1AAAA')
      },
    ],
    [
      'a broken signature of the Assertion in a rightly signed Response',
      'bad_signature',
      () => answer(world, { assertionXml: () => sealed(plainAssertion(world), '_assertion', world.stranger) }),
    ],
  ])
})
