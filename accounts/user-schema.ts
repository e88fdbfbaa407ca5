import { connectionsOf } from '../db/connections.js'
import type { Queries } from '../db/database.js'
import type { StoredDirectoryUser } from '../db/directory-users.js'
import type { Document, Json, ResourceSchema } from '../filter/attribute.js'
import { ACCOUNT_URN, type AccountAttribute, userSchemaWith } from '../filter/schemas/account-user.js'
import { USER_SCHEMA } from '../filter/schemas/user.js'
import { documentFromRow } from './directory-document.js'

/** The attributes of an account as its connections keep them: JSON text, null where there are none. */
export function extensionText(attributes: readonly AccountAttribute[]): string | null {
  if (attributes.length === 0) return null
  return JSON.stringify(
    attributes.map(({ name, type, description, choices }) => ({ name, type, description, choices })),
  )
}

/**
 * What a User may hold on a connection. Made once per text and kept under it, so a process can never see anything but
 * what stands in the row that it has just read.
 */
export function userSchemaFromText(text: string | null): ResourceSchema {
  if (text === null) return USER_SCHEMA
  const known = schemas.get(text)
  if (known !== undefined) return known
  if (schemas.size >= MAX_SCHEMAS) schemas.delete(schemas.keys().next().value as string)
  const schema = userSchemaWith(JSON.parse(text) as AccountAttribute[])
  schemas.set(text, schema)
  return schema
}

const schemas = new Map<string, ResourceSchema>()
const MAX_SCHEMAS = 500

/**
 * A stored document as it is shown. Values of an attribute that the account has deleted stay in it until the next write
 * (docs/scim.md), and nobody sees them.
 */
export function shownDocument(document: Document, { extensions }: ResourceSchema): Document {
  const values = document[ACCOUNT_URN]
  if (values === undefined) return document
  const { [ACCOUNT_URN]: _, ...rest } = document
  const known = extensions.find(({ id }) => id === ACCOUNT_URN)?.attributes ?? []
  const shown = known.flatMap(({ name }) =>
    Object.hasOwn(values as object, name) ? [[name, partOf(values, name)]] : [],
  )
  return shown.length === 0 ? rest : { ...rest, [ACCOUNT_URN]: Object.fromEntries(shown) as Document }
}

function partOf(values: Json, name: string): Json {
  return (values as Document)[name]!
}

/** Documents of people of any connections of an account, as they are shown. Costs a statement only where one needs it. */
export async function shownDocuments(
  q: Queries,
  accountId: string,
  rows: readonly Pick<StoredDirectoryUser, 'connection_id' | 'document' | 'manager_id'>[],
): Promise<Document[]> {
  const documents = rows.map(documentFromRow)
  if (!documents.some((document) => document[ACCOUNT_URN] !== undefined)) return documents
  const extensions = new Map((await connectionsOf(q, accountId)).map(({ id, extension }) => [id, extension]))
  return documents.map((document, index) => {
    const extension = extensions.get(rows[index]!.connection_id)
    return shownDocument(document, userSchemaFromText(extension ?? null))
  })
}
