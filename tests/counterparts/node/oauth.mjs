// Starts oauth2-mock-server as it is asked to on standard input, one JSON order a line, and ends with it. What it adds
// is what providers hold people to: a refresh token is good once, and the scope is the one that was asked for.
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { taking } from './orders.mjs'

const home = pathToFileURL(join(process.argv[2], 'oauth2-mock-server', 'dist', 'index.mjs'))
const { OAuth2Server } = await import(home)
const server = new OAuth2Server()
await server.issuer.keys.generate('RS256')

const fresh = () => ({ scopes: new Map(), refreshable: new Map(), refusals: [], denials: 0, person: {}, lasting: 3600, calls: [] })
let now = fresh()

server.service.on('beforeAuthorizeRedirect', ({ url }, { query }) => {
  const code = url.searchParams.get('code')
  if (code) now.scopes.set(code, query.scope ?? '')
  if (now.denials > 0) {
    now.denials -= 1
    url.searchParams.delete('code')
    url.searchParams.set('error', 'access_denied')
  }
})

server.service.on('beforeTokenSigning', ({ payload }) => Object.assign(payload, now.person, { jti: randomUUID() }))
server.service.on('beforeUserinfo', ({ body }) => Object.assign(body, now.person))
server.service.on('beforeRevoke', (_, { body }) => {
  now.calls.push({ path: '/revoke', body })
  now.refreshable.delete(body?.token)  // it reads no body there
})

server.service.on('beforeResponse', (response, { body, headers }) => {
  now.calls.push({ path: '/token', body, headers })
  const error = now.refusals.shift() ?? fault(body)
  if (error) {
    Object.assign(response, { statusCode: 400, body: { error } })
    return
  }
  const scope = now.scopes.get(body.code) ?? now.refreshable.get(body.refresh_token) ?? body.scope ?? ''
  now.scopes.delete(body.code)
  now.refreshable.delete(body.refresh_token)
  if (response.body.refresh_token) now.refreshable.set(response.body.refresh_token, scope)
  Object.assign(response.body, { scope, expires_in: now.lasting })
})

function fault({ grant_type: grant, code, refresh_token: refresh }) {
  if (grant === 'authorization_code' && !now.scopes.has(code)) return 'invalid_grant'
  return grant === 'refresh_token' && !now.refreshable.has(refresh) ? 'invalid_grant' : undefined
}

const orders = {
  async start() {
    await server.start(0, '127.0.0.1')
    return `http://127.0.0.1:${server.address().port}`
  },
  reset() { now = fresh() },
  refuse({ error }) { now.refusals.push(error) },
  deny() { now.denials += 1 },
  person({ claims }) { now.person = claims },
  lasting({ seconds }) { now.lasting = seconds },
  forget() { now.refreshable.clear() },
  calls: () => now.calls,
}

await taking(orders)
