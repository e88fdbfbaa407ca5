import { SAML } from '@node-saml/node-saml'

/** What node-saml is told, as an application that calls it alone would tell it. */
export interface VerifySettings {
  readonly entityId: string
  readonly acsUrl: string
  readonly certificate: string
}

/** Sent to the process with `settings` once, then with `responses` to verify; it answers with how many were accepted. */
export type VerifyOrder = { readonly settings: VerifySettings } | { readonly responses: readonly string[] }

/** A forked process that verifies signed responses with node-saml and does nothing else. */
let engine: SAML | undefined
process.on('message', (order: VerifyOrder) => {
  if ('settings' in order) engine = engineOf(order.settings)
  else void verifyAll(order.responses).then((accepted) => process.send?.(accepted))
})

function engineOf({ entityId, acsUrl, certificate }: VerifySettings): SAML {
  return new SAML({
    callbackUrl: acsUrl,
    issuer: entityId,
    idpCert: certificate,
    wantAuthnResponseSigned: true,
    wantAssertionsSigned: false,
    acceptedClockSkewMs: 90_000,
  })
}

async function verifyAll(responses: readonly string[]): Promise<number> {
  let accepted = 0
  for (const SAMLResponse of responses) {
    const { profile } = await engine!.validatePostResponseAsync({ SAMLResponse })
    if (profile?.nameID) accepted += 1
  }
  return accepted
}
