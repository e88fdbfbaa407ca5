/** A resource or message of SCIM, as far as the demo looks into it. */
export interface ScimBody {
  readonly id?: string
  readonly totalResults?: number
  readonly Resources?: readonly ScimBody[]
  readonly detail?: string
  readonly [attribute: string]: unknown
}

export interface ScimAnswer {
  readonly status: number
  readonly body: ScimBody
}

/** A directory's line to its connection: it sends what an identity provider sends, and counts. */
export interface DirectoryClient {
  readonly scimBaseUrl: string
  /** Requests sent so far. */
  readonly sent: number
  /** Throws where the answer has another status. */
  send(method: string, path: string, body: object | undefined, status: number): Promise<ScimAnswer>
}

export function directoryClient(scimBaseUrl: string, token: string, userAgent: string): DirectoryClient {
  let sent = 0
  return {
    scimBaseUrl,
    get sent() {
      return sent
    },
    async send(method, path, body, status) {
      sent += 1
      const response = await fetch(`${scimBaseUrl}${path}`, {
        method,
        headers: {
          Authorization: `Bearer ${token}`,
          Accept: 'application/scim+json',
          'Content-Type': 'application/scim+json; charset=utf-8',
          'User-Agent': userAgent,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      if (response.status !== status) throw new Error(`${method} ${path}: ${response.status} ${text}`)
      return { status: response.status, body: text === '' ? {} : (JSON.parse(text) as ScimBody) }
    },
  }
}

/** The id of the one resource that a look-up found, or undefined. */
export function foundId({ body }: ScimAnswer): string | undefined {
  return body.totalResults === 1 ? body.Resources?.[0]?.id : undefined
}

export function idOf({ body }: ScimAnswer): string {
  if (body.id === undefined) throw new Error('the answer has no id')
  return body.id
}

export const PATCH_URN = 'urn:ietf:params:scim:api:messages:2.0:PatchOp'
export const USER_URN = 'urn:ietf:params:scim:schemas:core:2.0:User'
export const GROUP_URN = 'urn:ietf:params:scim:schemas:core:2.0:Group'
export const ENTERPRISE_URN = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'
