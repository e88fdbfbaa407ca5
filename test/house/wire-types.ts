import { openApiDocument } from '../../server/admin/openapi.js'
import { ADMIN_ROUTES } from '../../server/admin/routes.js'

/** The parts of JSON Schema 2020-12 that the schemas of the admin API use. */
interface JsonSchema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly allOf?: readonly JsonSchema[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly additionalProperties?: boolean | JsonSchema
  readonly items?: JsonSchema
  readonly prefixItems?: readonly JsonSchema[]
}

interface Content {
  readonly content?: { readonly 'application/json'?: { readonly schema: JsonSchema } }
}

interface Operation {
  readonly parameters?: readonly {
    readonly in: string
    readonly name: string
    readonly required?: boolean
    readonly schema: JsonSchema
  }[]
  readonly requestBody?: Content
  readonly responses: Readonly<Record<string, Content>>
}

interface Document {
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> }
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

const HEAD = `// Made from the schemas of the admin API by \`npm run console:types\`; a test compares. Not to be edited.
/* biome-ignore-all lint: generated */
/* biome-ignore-all format: generated */
`

/** TypeScript of everything that the admin API says and is told: its schemas by name, and its calls by method and path. */
export function wireTypes(): string {
  const document = openApiDocument(ADMIN_ROUTES, 'http://localhost') as unknown as Document
  const named = Object.entries(document.components.schemas).sort(([one], [other]) => (one < other ? -1 : 1))
  const schemas = named.map(([name, schema]) => `export type ${name} = ${typeOf(schema)}\n`)
  const calls = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => callOf(`${method.toUpperCase()} ${path}`, operation)),
  )
  return `${HEAD}\n${schemas.join('\n')}\n/** Every call: its query, its body, its answer. */\nexport interface Calls {\n${calls.join('')}}\n`
}

function callOf(name: string, { parameters = [], requestBody, responses }: Operation): string {
  const query = parameters.filter((parameter) => parameter.in === 'query')
  const answer = Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1]
  const queryType = query.map(
    ({ name, required, schema }) =>
      `${JSON.stringify(name)}${required === true ? '' : '?'}: ${typeOf(schema)} | undefined`,
  )
  return [
    `  '${name}': {\n`,
    `    query: ${query.length === 0 ? 'undefined' : `{ ${queryType.join('; ')} }`}\n`,
    `    body: ${bodyOf(requestBody) ?? 'undefined'}\n`,
    `    answer: ${bodyOf(answer) ?? 'undefined'}\n`,
    '  }\n',
  ].join('')
}

function bodyOf(content: Content | undefined): string | undefined {
  const schema = content?.content?.['application/json']?.schema
  return schema === undefined ? undefined : typeOf(schema)
}

function typeOf(schema: JsonSchema): string {
  if (schema.$ref !== undefined) return schema.$ref.replace('#/components/schemas/', '')
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(' | ')
  const choices = schema.anyOf ?? schema.oneOf
  if (choices !== undefined) return choices.map((choice) => `(${typeOf(choice)})`).join(' | ')
  if (schema.allOf !== undefined) return schema.allOf.map((part) => `(${typeOf(part)})`).join(' & ')
  return [schema.type ?? 'unknown']
    .flat()
    .map((type) => namedType(type, schema))
    .join(' | ')
}

function namedType(type: string, schema: JsonSchema): string {
  if (type === 'object') return objectOf(schema)
  if (type === 'array') return arrayOf(schema)
  return type === 'integer' ? 'number' : type
}

function arrayOf({ items, prefixItems }: JsonSchema): string {
  if (prefixItems !== undefined) return `[${prefixItems.map(typeOf).join(', ')}]`
  return `(${items === undefined ? 'unknown' : typeOf(items)})[]`
}

function objectOf({ properties = {}, required = [], additionalProperties }: JsonSchema): string {
  const members = Object.entries(properties).map(
    ([name, schema]) =>
      `${JSON.stringify(name)}${required.includes(name) ? '' : '?'}: ${typeOf(schema)}${required.includes(name) ? '' : ' | undefined'}`,
  )
  const rest = restOf(additionalProperties, members.length)
  return `{ ${[...members, ...rest].join('; ')} }`
}

/** Names that are open carry anything where others are known, so that the known ones keep their types. */
function restOf(additional: JsonSchema['additionalProperties'], known: number): string[] {
  if (additional === undefined || additional === false) return []
  const type = typeof additional === 'object' && known === 0 ? typeOf(additional) : 'unknown'
  return [`[name: string]: ${type}`]
}
