import { Problem } from './problem.js'
import { startServer } from './server.js'
import { readSettings } from './settings.js'

async function main(): Promise<void> {
  const { url, stop } = await startServer(readSettings(process.env))
  console.log(`Listening on ${url}`)
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => void stop().then(() => console.log('Stopped, and all of it is saved.'), fail))
  }
}

function fail(error: unknown): void {
  console.error(error instanceof Problem ? error.message : error)
  process.exitCode = error instanceof Problem ? 2 : 1
}

await main().catch(fail)
