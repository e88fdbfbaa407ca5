import { openResponse, verifyResponse } from './saml/verify-response.js'
import { TestIdp } from './test/saml/an-idp.js'
import { createKeyPair } from './saml/key-pair.js'
const NOW = new Date('2026-11-21T12:00:00.000Z')
const SP = { entityId: 'https://usher.example/saml/c/metadata', acsUrl: 'https://usher.example/saml/c/acs' }
const idp = await TestIdp.create('https://idp.example/entity', () => NOW)
const ours = await createKeyPair('usher', NOW)
const terms = { ...SP, issuer: idp.entityId, audiences: [SP.entityId], request: {id:'_r', createdAt: NOW}, now: NOW, skewMs: 90000, context: undefined, nameIdOptional: false, certificates: [idp.key.certificate], decryptionKeys: [ours.privateKey], sha1: false }
const ok = await idp.responseXml(SP, { inResponseTo: '_r' }, { sign: ['assertion'] })
const fill = (ext: string) => ok.replace('<samlp:Status>', `<samlp:Extensions>${ext}</samlp:Extensions><samlp:Status>`)
for (const n of [0, 500, 1000, 2000, 3900]) {
  const text = Buffer.from(fill('<a/>'.repeat(n))).toString('base64')
  for (let i = 0; i < 3; i++) { const t = performance.now(); const o = openResponse(text); const m = performance.now(); await verifyResponse(o, terms); console.log(n, (m-t).toFixed(0), (performance.now() - m).toFixed(0)) }
}
