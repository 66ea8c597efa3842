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
    const { createEmulator } = await import(pathToFileURL(join(dist, 'api.js')))
    const parts = await strict(service)
    const port = await freePort()
    const emulator = await createEmulator({ service, port, seed, baseUrl: `http://127.0.0.1:${port}` })
    running[service] = { emulator, workflows, forgotten: new Map(), ...parts }
    addWorkflows(running[service])
    return { url: emulator.url, secrets: emulator.generatedSecrets.map(({ kind, value }) => ({ kind, value })) }
  },
  reset({ service }) {
    const { emulator, forgotten, seen } = running[service]
    emulator.reset()
    for (const [token, whose] of forgotten) seen.tokenMap.set(token, whose)
    forgotten.clear()
    addWorkflows(running[service])
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
    Object.assign(seen, { store, tokenMap })
    app.use('*', async (c, next) => {
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
