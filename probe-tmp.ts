import { openResponse, verifyResponse } from './saml/verify-response.js'
import { TestIdp } from './test/saml/an-idp.js'
import { createKeyPair } from './saml/key-pair.js'
const NOW = new Date('2026-11-21T12:00:00.000Z')
const SP = { entityId: 'https://usher.example/saml/c/metadata', acsUrl: 'https://usher.example/saml/c/acs' }
const idp = await TestIdp.create('https://idp.example/entity', () => NOW)
const ours = await createKeyPair('usher', NOW)
const terms = { ...SP, issuer: idp.entityId, audiences: [SP.entityId], request: {id:'_r', createdAt: NOW}, now: NOW, skewMs: 90000, context: undefined, nameIdOptional: false, certificates: [idp.key.certificate, ours.certificate], decryptionKeys: [ours.privateKey], sha1: false }
async function probe(name: string, xml: string) {
  let out = ''; let best = 1e9; let bestOpen = 1e9
  const text = Buffer.from(xml).toString('base64')
  for (let i = 0; i < 6; i++) {
  const t = performance.now(); let m = t
  try { const o = openResponse(text); m = performance.now(); await verifyResponse(o, terms); out = 'ACCEPTED' } catch (e: any) { out = `${e.name} ${e.code} ${e.message.slice(0,100)} <- ${e.cause?.message ?? ''}`; if (m === t) m = performance.now() }
  best = Math.min(best, performance.now() - t); bestOpen = Math.min(bestOpen, m - t) }
  console.log(name.padEnd(16), xml.length, 'open', bestOpen.toFixed(0), 'all', best.toFixed(0), out.slice(0, 90))
}
const ok = await idp.responseXml(SP, { inResponseTo: '_r' }, { sign: ['assertion'] })
for (let i = 0; i < 4; i++) await probe("ok", ok)
const MAX = 143_000
const fill = (ext: string) => ok.replace('<samlp:Status>', `<samlp:Extensions>${ext}</samlp:Extensions><samlp:Status>`)
// namespaces
const open = Array.from({length: 50}, (_, i) => `<a ${Array.from({length: 40}, (_, j) => `xmlns:a${i}b${j}="a"`).join(' ')}>`).join('')
await probe('ns scope', fill(open + '<a xmlns:c="d"/>'.repeat(3800) + '</a>'.repeat(50)))
await probe('SignedInfo', fill('<SignedInfo/>'.repeat(3900)))
await probe('SignedInfo nested', fill(('<SignedInfo>'.repeat(50) + '</SignedInfo>'.repeat(50)).repeat(38)))
await probe('ns', fill('<a xmlns:c="d" xmlns:e="f"/>'.repeat(3900)))
await probe('used', fill('<c:a xmlns:c="d" c:d="f"/>'.repeat(3900)))
const prefixes = 'b '.repeat(30000)
const list = (s: string) => s.replace('<Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>', `<Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"><InclusiveNamespaces xmlns="http://www.w3.org/2001/10/xml-exc-c14n#" PrefixList="${prefixes}"/></Transform>`)
await probe('prefix list', list(ok).replace('</saml:Subject>', '</saml:Subject>' + '<a xmlns:c="d"/>'.repeat(3800)))
await probe('amp', fill('&amp;'.repeat(25000)))
await probe('lines', fill('\n'.repeat(130000)))
await probe('attrs', fill(`<a ${Array.from({length:55},(_, i)=>`a${i}="b"`).join(' ')}/>`.repeat(300)))
await probe('siblings', fill('<a/>'.repeat(3900)))
await probe('text', ok.replace('ada@acme.example', 'a'.repeat(130000)))
await probe('ki', ok.replace('<SignatureValue>', '<SignatureValue>').replace('<X509Data>', '<SignatureValue>a</SignatureValue>'.repeat(1900)+'<X509Data>'))
await probe('X509', ok.replace('<X509Data>', '<X509Data/>'.repeat(3900)+'<X509Data>'))
await probe('transform inner', ok.replace('<Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>', `<Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#">${'<Transform xmlns="http://www.w3.org/2000/09/xmldsig#"/>'.repeat(2000)}</Transform>`))
// encryption
const enc = await idp.responseXml(SP, { inResponseTo: '_r' }, { sign: ['assertion'], encryptFor: ours.certificate })
await probe('enc', enc)
const keyed = (uri: string) => {
  const key = /<e:EncryptedKey[\s\S]*<\/e:EncryptedKey>/.exec(enc)![0]
  return enc.replace(key, `<RetrievalMethod URI="${uri}"/>`).replace('</saml:EncryptedAssertion>', key.replace('<e:EncryptedKey', '<e:EncryptedKey Id="k"') + '<a/>'.repeat(300) + '</saml:EncryptedAssertion>')
}
await probe('retrieval', keyed('#k'))
