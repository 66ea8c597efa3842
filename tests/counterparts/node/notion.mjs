// Notion's official types as an OpenAPI document on standard output: paths and parameters as its own client sends them.
import { createRequire } from 'node:module'
import { join } from 'node:path'

const require = createRequire(join(process.argv[2], 'from.js'))
const { createGenerator } = require('ts-json-schema-generator')
const folder = join(process.argv[2], '@notionhq', 'client', 'build', 'src', 'api-endpoints')

const json = (schema) => ({ 'application/json': { schema } })
const plain = (name) => decodeURIComponent(name).replace(/[^\w.-]/g, '_')
const nameOf = ({ $ref }) => $ref.split('/').at(-1)

const securitySchemes = { bearer: { type: 'http', scheme: 'bearer' }, basic: { type: 'http', scheme: 'basic' } }
const paths = {}
const schemas = {}

for (const noun of ['blocks', 'comments', 'data-sources', 'databases', 'oauth', 'pages', 'search', 'users']) {
  const endpoints = Object.entries(require(join(folder, noun))).filter(([, one]) => one?.method && one?.path)
  const types = createGenerator({ path: join(folder, `${noun}.d.ts`), expose: 'all', skipTypeCheck: true })
  for (const [name, endpoint] of endpoints) {
    const type = name[0].toUpperCase() + name.slice(1)
    const { path, operation } = described(endpoint, type, (part) => schemaOf(types, type + part))
    ;(paths[path] ??= {})[endpoint.method] = operation
  }
}

process.stdout.write(JSON.stringify({
  openapi: '3.1.0', info: { title: 'Notion', version: '1' }, paths, components: { schemas, securitySchemes },
}))

function described({ pathParams, queryParams, bodyParams, path }, operationId, schema) {
  const places = Object.fromEntries(pathParams.map((one) => [one, `{${one}}`]))
  const parameters = [
    { name: 'Notion-Version', in: 'header', required: true, schema: { type: 'string' } },
    ...pathParams.map((name) => ({ name, in: 'path', required: true, schema: { type: 'string' } })),
    ...(queryParams.length ? queryParameters(schema('QueryParameters')) : []),
  ]
  const body = bodyParams.length ? { requestBody: { required: true, content: json(schema('BodyParameters')) } } : {}
  const responses = { 200: { description: '', content: json(schema('Response')) } }
  const security = [operationId.startsWith('Oauth') ? { basic: [] } : { bearer: [] }]
  return { path: `/v1/${path(places)}`, operation: { operationId, security, parameters, ...body, responses } }
}

function queryParameters(reference) {
  const { properties = {}, required = [] } = schemas[nameOf(reference)]
  return Object.entries(properties).map(([name, one]) => ({
    name, in: 'query', required: required.includes(name), schema: one,
  }))
}

function schemaOf(types, name) {
  const { $ref, definitions } = types.createSchema(name)
  for (const [key, one] of Object.entries(definitions)) schemas[plain(key)] = renamed(one)
  return renamed({ $ref })
}

function renamed(node) {
  if (Array.isArray(node)) return node.map(renamed)
  if (!node || typeof node !== 'object') return node
  const entries = Object.entries(node).map(([key, one]) => [
    key, key === '$ref' && typeof one === 'string' ? `#/components/schemas/${plain(one.split('/').slice(2).join('/'))}` : renamed(one),
  ])
  return Object.fromEntries(entries)
}
