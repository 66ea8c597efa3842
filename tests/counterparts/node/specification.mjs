// One path of an OpenAPI document, made fit for prism where the document as published is not.

// The path with all that it refers to, under the name that it is served by.
export function only(document, path, served) {
  const { openapi, info, security, components } = document
  const kept = { openapi, info, paths: { [served]: document.paths[path] }, components: {} }
  if (security) kept.security = security
  if (components?.securitySchemes) kept.components.securitySchemes = components.securitySchemes
  const found = new Set()
  each(kept.paths, (node) => {
    if (typeof node.$ref !== 'string' || found.has(node.$ref)) return undefined
    found.add(node.$ref)
    return copied(document, kept, node.$ref)
  })
  return structuredClone(kept)
}

function copied(document, kept, reference) {
  const parts = reference.split('/').slice(1).map((part) => decodeURIComponent(part).replace(/~1/g, '/').replace(/~0/g, '~'))
  const target = parts.reduce((node, part) => node[part], document)
  const last = parts.pop()
  const place = parts.reduce((node, part) => (node[part] ??= {}), kept)
  place[last] = target
  return target
}

// `bearer`: the document forgets to say that a token is needed. `ambiguous`: its alternatives overlap, so that
// "exactly one of" would refuse what is right.
export function mended(document, { bearer = false, ambiguous = false }) {
  if (bearer) {
    document.components.securitySchemes = { bearer: { type: 'http', scheme: 'bearer' } }
    for (const operation of operations(document)) operation.security = [{ bearer: [] }]
  }
  for (const operation of operations(document)) withToken(operation)
  each(document, (node) => {
    if (ambiguous && Array.isArray(node.oneOf)) {
      node.anyOf = node.oneOf
      delete node.oneOf
    }
    if (Array.isArray(node.enum)) node.enum = [...new Set(node.enum)]
    if (node.nullable === true && !node.type) orNull(node)
    if (node.in === 'query' && node.schema) sayable(node.schema)
    return undefined
  })
  for (const operation of operations(document)) {
    for (const [code, response] of Object.entries(operation.responses ?? {})) answerable(document, code, response)
  }
  return document
}

// Some let strangers read, too; a colleague has no business there without its token.
function withToken(operation) {
  const { security } = operation
  if (security) operation.security = security.filter((one) => Object.keys(one).length > 0)
}

// To the compiler of schemas, "nullable" without a type is an error.
function orNull(node) {
  const { nullable: _, ...one } = node
  for (const key of Object.keys(node)) delete node[key]
  node.anyOf = [one, { enum: [null] }]
}

// A query holds no objects, least of all those of which nothing is said: Jira's boards mean words.
function sayable(schema) {
  if (schema.type === 'array' && schema.items) sayable(schema.items)
  else if (schema.type === 'object' && schema.additionalProperties === false && !schema.properties) schema.type = 'string'
}

const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options']
const operations = ({ paths }) => Object.values(paths).flatMap((item) => METHODS.flatMap((method) => item[method] ?? []))

function answerable(document, code, response) {
  const { content = {} } = resolved(document, response)
  for (const [type, media] of Object.entries(content)) {
    if (!type.includes('json') && type !== '*/*') continue
    if (typeof media.example === 'string') media.example = parsed(media.example)
    for (const example of Object.values(media.examples ?? {})) {
      if (example.value?.$ref) example.value = resolved(document, example.value).value
      if (typeof example.value === 'string') example.value = parsed(example.value)
    }
    const isShown = media.example !== undefined || Object.keys(media.examples ?? {}).length > 0
    if (!isShown && code.startsWith('2') && media.schema) media.example = sample(document, media.schema, 5)
  }
}

function parsed(text) {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const FORMATS = {
  'date-time': '2026-11-23T09:00:00Z', date: '2026-11-23', uuid: '3fa85f64-5717-4562-b3fc-2c963f66afa6',
  uri: 'https://example.com/', email: 'ana@example.com', int64: '1', byte: 'QQ==', 'google-datetime': '2026-11-23T09:00:00Z',
}

// An answer for a schema that nobody gave an example of: prism's own sampler gives up on what is deep.
function sample(document, schema, depth) {
  const one = resolved(document, schema)
  for (const key of ['example', 'const', 'default']) if (one[key] !== undefined) return one[key]
  if (one.enum) return one.enum[0]
  if (one.allOf) return Object.assign({}, ...one.allOf.map((part) => sample(document, part, depth)))
  const choice = (one.oneOf ?? one.anyOf)?.find(({ type }) => type !== 'null')
  if (choice) return sample(document, choice, depth)
  return sampleOf(document, one, depth, [one.type].flat()[0] ?? (one.properties ? 'object' : undefined))
}

function sampleOf(document, one, depth, type) {
  if (type === 'object') return sampleObject(document, one, depth)
  if (type === 'array') return depth > 0 && one.items ? [sample(document, one.items, depth - 1)] : []
  if (type === 'string') return FORMATS[one.format] ?? 'text'
  if (type === 'integer' || type === 'number') return one.minimum ?? 1
  return type === 'boolean' ? true : type === undefined ? {} : null
}

function sampleObject(document, { properties = {}, required = [] }, depth) {
  const shown = Object.entries(properties).filter(([name]) => depth > 0 || required.includes(name))
  return Object.fromEntries(shown.map(([name, property]) => [name, sample(document, property, depth - 1)]))
}

function resolved(document, node) {
  if (typeof node?.$ref !== 'string') return node ?? {}
  return resolved(document, node.$ref.split('/').slice(1).reduce((at, part) => at[decodeURIComponent(part).replace(/~1/g, '/')], document))
}

// Every object within, once; `visit` may name another one to go on with.
function each(root, visit) {
  const todo = [root]
  const seen = new Set()
  while (todo.length) {
    const node = todo.pop()
    if (!node || typeof node !== 'object' || seen.has(node)) continue
    seen.add(node)
    if (!Array.isArray(node)) todo.push(visit(node))
    todo.push(...Object.values(node))
  }
}
