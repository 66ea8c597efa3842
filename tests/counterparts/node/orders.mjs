// Orders on standard input, a line of JSON each, answered in turn with one; the process ends with its input.
import { createInterface } from 'node:readline'

export async function taking(orders) {
  for await (const line of createInterface({ input: process.stdin })) {
    const { order, ...given } = JSON.parse(line)
    const answer = await Promise.resolve().then(() => orders[order](given)).then(
      (result) => ({ result: result ?? null }),
      (error) => ({ error: String(error.stack ?? error) }),
    )
    process.stdout.write(JSON.stringify(answer) + '\n')
  }
  process.exit(0)
}
