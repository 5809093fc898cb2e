import { pause } from './ledger.mjs'

/**
 * What a worker with nothing to do costs a minute: CPU of its process, and commands that the store was given. One
 * after the other, for counting costs CPU too.
 */
export async function idle({ open, store, url, idleSeconds }) {
  const seconds = idleSeconds / 2
  const { createCounter } = await import(`../counters/${store}.mjs`)
  const counter = await createCounter(url)
  const cpuMs = await growing(await open('cpu', { concurrency: 10 }), seconds, cpuSoFar)
  const { onStatement, count } = counter
  const commands = await growing(await open('commands', { concurrency: 10, onStatement }), seconds, count)
  await counter.close()
  return { 'CPU ms/min': (cpuMs * 60) / seconds, 'commands/min': (commands * 60) / seconds }
}

async function growing(contestant, seconds, measure) {
  await contestant.work(async () => {})
  await pause(2_000)
  const before = await measure()
  await pause(seconds * 1_000)
  const grown = (await measure()) - before
  await contestant.stop()
  await contestant.close()
  return grown
}

async function cpuSoFar() {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}
