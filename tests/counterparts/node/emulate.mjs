// Starts emulators of the package `emulate` as they are asked for on standard input, one JSON order a line, and ends
// with it. What it adds to them is strictness (a token that nobody issued is nobody's) and rows that seeds lack.
import { readFileSync, readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { taking } from './orders.mjs'

const dist = join(process.argv[2], 'emulate', 'dist')
const running = {}

const orders = {
  async start({ service, seed, workflows = [] }) {
    running[service] = { ...(await strict(service)), seed, workflows, port: await freePort() }
    const { url, generatedSecrets } = await created(service)
    return { url, secrets: generatedSecrets.map(({ kind, value }) => ({ kind, value })) }
  },
  // An emulator allows 5,000 calls an hour to a token and forgets them at no reset: before it comes to that, another
  // one takes its place.
  async reset({ service, most }) {
    const one = running[service]
    if (one.seen.calls > most) {
      await one.emulator.close()
      await created(service)
      return
    }
    one.emulator.reset()
    for (const [token, whose] of one.forgotten) one.seen.tokenMap.set(token, whose)
    one.forgotten.clear()
    addWorkflows(one)
  },
  // What may come back to an OAuth app is fixed by the seed, before it is known where the colleague listens.
  redirect({ service, uris }) {
    const { tables } = running[service]
    const apps = tables().oauthApps ?? tables().oauthClients
    for (const app of apps.all()) apps.update(app.id, { redirect_uris: uris })
  },
  // A person took the token back, or it ran out.
  forget({ service, token }) {
    const { tables, seen, forgotten } = running[service]
    if (seen.tokenMap.has(token)) forgotten.set(token, seen.tokenMap.get(token))
    seen.tokenMap.delete(token)
    const row = tables().tokens?.findOneBy('token', token)
    if (row) tables().tokens.delete(row.id)
  },
  insert: ({ service, table, row }) => running[service].tables()[table].insert(row),
}

async function created(service) {
  const { createEmulator } = await import(pathToFileURL(join(dist, 'api.js')))
  const one = running[service]
  const { seed, port } = one
  one.emulator = await createEmulator({ service, port, seed, baseUrl: `http://127.0.0.1:${port}` })
  one.forgotten = new Map()
  one.emulator.generatedSecrets.forEach(({ value }, index) => (seed.github.apps[index].private_key = value))
  addWorkflows(one)
  return one.emulator
}

async function strict(service) {
  const name = { github: 'GitHub', google: 'Google', slack: 'Slack', linear: 'Linear' }[service]
  const exported = new RegExp(`^  ${service}Plugin,?$`, 'm')
  const file = readdirSync(dist).find(
    (one) => /^dist-.*\.js$/.test(one) && exported.test(readFileSync(join(dist, one), 'utf8')),
  )
  const module = await import(pathToFileURL(join(dist, file)))
  const plugin = module[`${service}Plugin`]
  const register = plugin.register
  const seen = {}
  const tables = () => module[`get${name}Store`](seen.store)
  plugin.register = function (app, store, webhooks, baseUrl, tokenMap) {
    Object.assign(seen, { store, tokenMap, calls: 0 })
    app.use('*', async (c, next) => {
      seen.calls += 1
      const token = c.get('authToken')
      if (token && !tokenMap.has(token) && !tables().tokens?.findOneBy('token', token)) {
        for (const known of ['authUser', 'authToken', 'authScopes']) c.set(known, undefined)
      }
      await next()
    })
    return register.call(this, app, store, webhooks, baseUrl, tokenMap)
  }
  return { seen, tables }
}

function addWorkflows({ workflows, tables }) {
  for (const { repo: full_name, name, path, runs = [] } of workflows) {
    const repo = tables().repos.findOneBy('full_name', full_name)
    const workflow = tables().workflows.insert({
      node_id: `W_${name}`, repo_id: repo.id, name, path, state: 'active', badge_url: null,
    })
    runs.forEach((run, index) => addRun(tables(), repo, workflow, run, index + 1))
  }
}

function addRun(tables, repo, workflow, { conclusion, jobs }, run_number) {
  const head = tables.branches.findBy('repo_id', repo.id).find(({ name }) => name === repo.default_branch)
  const at = new Date(Date.now() - 60_000 * (10 - run_number)).toISOString()
  const ended = { status: 'completed', conclusion, repo_id: repo.id }
  const run = tables.workflowRuns.insert({
    ...ended, node_id: `WFR_${run_number}`, workflow_id: workflow.id, name: workflow.name,
    head_branch: head.name, head_sha: head.sha, run_number, event: 'push', actor_id: repo.owner_id,
    run_attempt: 1, run_started_at: at,
  })
  tables.workflowRuns.update(run.id, { created_at: at })
  for (const name of jobs) {
    tables.jobs.insert({
      ...ended, node_id: `J_${name}`, run_id: run.id, name, started_at: at, completed_at: at,
      runner_id: 1, runner_name: 'Hosted Agent', steps: [],
    })
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}

await taking(orders)
