// Starts prism on official specifications as it is asked to on standard input, one JSON order a line, and ends with it.
// prism itself takes seconds and 150 MB to start on a whole specification, so it is given each path as it is first
// asked for. What a request may hold and what is answered is prism's to say.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { mended, only } from './specification.mjs'
import { taking } from './orders.mjs'

const require = createRequire(join(process.argv[2], 'from.js'))
const { transformOas3Operations } = require('@stoplight/http-spec/oas3/operation')
const { bundleTarget } = require('@stoplight/json')
const { createServer } = require('@stoplight/prism-http-server')
const E = require('fp-ts/Either')

const { default: Ajv } = require('ajv')

// prism takes a schema that cannot be compiled for one that allows everything: here that is an error instead.
const uncompiled = []
const compile = Ajv.prototype.compile
for (const kind of [require('ajv'), require('ajv/dist/2019'), require('ajv/dist/2020')]) {
  kind.default.prototype.compile = function (...given) {
    try {
      return compile.apply(this, given)
    } catch (error) {
      uncompiled.push(String(error))
      throw error
    }
  }
}

const quiet = { trace() {}, debug() {}, info() {}, success() {}, start() {}, warn() {}, error() {}, child: () => quiet }
const running = {}

const orders = {
  async start({ service, specifications }) {
    const state = { paths: specifications.flatMap(paths), known: new Map(), calls: [], answers: [] }
    const mock = { dynamic: false, ignoreExamples: false, seed: null }
    const config = { isProxy: false, validateRequest: true, validateResponse: true, checkSecurity: true, errors: false, mock }
    const server = createServer([], { cors: false, config, components: { logger: quiet } })
    const request = server.prism.request
    server.prism.request = (input, _, asked) => () => answered(state, request, input, asked)
    running[service] = state
    return server.listen(0, '127.0.0.1')
  },
  reset({ service }) {
    Object.assign(running[service], { calls: [], answers: [] })
  },
  calls: ({ service }) => running[service].calls,
  // What the next such request is answered; prism still says what is wrong with the request.
  answer({ service, method, path, ...given }) {
    const known = running[service].paths.some((one) => one.path === path || one.pattern.test(path))
    if (!known) throw new Error(`no specification of ${service} has ${path}`)
    running[service].answers.push({ method: method.toLowerCase(), path, ...given })
  },
}

function paths({ file, prefix, ...how }) {
  const document = JSON.parse(readFileSync(file, 'utf8'))
  return Object.keys(document.paths).map((path) => {
    const literal = (prefix + path).split(/\{[^}]+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    return { document, own: path, path: prefix + path, pattern: new RegExp(`^${literal.join('[^/]+')}$`), how }
  })
}

async function answered(state, request, input, asked) {
  const operations = candidates(state, input).flatMap((one) => operationsOf(state, one))
  const given = takeGiven(state, input, operations)
  const resources = given ? operations.map((one) => (given.fits(one) ? answering(one, given) : one)) : operations
  const config = given ? { ...asked, mock: { ...asked.mock, code: given.code } } : asked
  const unknown = unknownQuery(operations, input)
  const result = unknown.length
    ? E.left(Object.assign(new Error(`Unknown name "${unknown.join('", "')}"`), { status: 400 }))
    : await request({ ...input, headers: accepting(input.headers) }, resources, config)()
  state.calls.push({ ...call(input), ...outcome(result) })
  if (uncompiled.length) return E.left(new Error(`no schema to hold it to: ${uncompiled.splice(0)}`))
  if (given && E.isRight(result) && result.right.output.statusCode === given.code) {
    if (result.right.validations.output.length) {
      return E.left(new Error(`the specification refuses the answer: ${JSON.stringify(result.right.validations.output)}`))
    }
    Object.assign((result.right.output.headers ??= {}), given.headers)
  }
  return result
}

const candidates = ({ paths }, { url }) => paths.filter(({ pattern }) => pattern.test(url.path))

function operationsOf(state, { document, own, path, how }) {
  if (!state.known.has(path)) {
    const one = transformed(mended(only(document, own, path), how))
    state.known.set(path, one.map((operation) => ({ ...operation, closed: how.closed ?? false })))
  }
  return state.known.get(path)
}

// As prism does it, but for one thing: what refers to itself stays a reference. Written out, Google's documents take
// half a minute.
function transformed(document) {
  return transformOas3Operations(document).map((operation) => bundleTarget({
    document: { ...document, __target__: operation }, path: '#/__target__', cloneDocument: true,
  }))
}

function takeGiven(state, { method, url }, operations) {
  const at = state.answers.findIndex((one) => one.method === method
    && (one.path === url.path || operations.some((each) => each.method === method && each.path === one.path)))
  if (at < 0) return undefined
  const [given] = state.answers.splice(at, 1)
  return { ...given, fits: (one) => one.method === method && (one.path === given.path || given.path === url.path) }
}

function answering(operation, { code, body, media }) {
  const documented = operation.responses.find((one) => one.code === String(code))
    ?? operation.responses.find((one) => one.code === 'default')
  if (!documented && code < 400) throw new Error(`${operation.path} does not answer ${code}`)
  const schema = media.includes('json') ? documented?.contents?.find((one) => /json|\*\/\*/.test(one.mediaType))?.schema : {}
  const example = { id: 'given', key: 'given', value: body }
  const contents = body === null ? [] : [{ id: 'given', mediaType: media, schema, examples: [example], encodings: [] }]
  const others = operation.responses.filter((one) => one.code !== String(code))
  return { ...operation, responses: [...others, { id: 'given', code: String(code), headers: [], contents }] }
}

// prism lets any name pass in a query. So do most services, but not those whose specification is closed.
function unknownQuery(operations, { method, url }) {
  const meant = operations.filter((one) => one.method === method && one.closed)
  const known = meant.flatMap((one) => one.request?.query ?? []).map(({ name }) => name)
  return meant.length ? Object.keys(url.query).filter((name) => !known.includes(name)) : []
}

// A vendor's own kind of JSON is JSON.
const accepting = (headers) => ({
  ...headers,
  ...(headers.accept && { accept: headers.accept.replace(/application\/vnd\.[\w.-]+\+json/g, 'application/json') }),
})

const call = ({ method, url, headers, body }) => ({ method: method.toUpperCase(), path: url.path, query: url.query, headers, body })

function outcome(result) {
  if (E.isLeft(result)) {
    const { status = 500, message, additional } = result.left
    return { status, violations: additional?.validation?.map((one) => `${one.location.join('.')} ${one.message}`) ?? [String(message)] }
  }
  const { output, validations } = result.right
  return { status: output.statusCode, violations: validations.input.map((one) => `${(one.path ?? []).join('.')} ${one.message}`) }
}

await taking(orders)
