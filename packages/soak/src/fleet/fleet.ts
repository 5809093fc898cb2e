import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { WorkerOrder } from './worker.js'

/** A worker process under the driver's hand. */
export interface Member {
  readonly name: string
  readonly child: ChildProcess
  /** `ready` works; `ending` was told to go, by whichever signal. */
  state: 'starting' | 'ready' | 'paused' | 'ending'
}

export interface Fleet {
  members(): readonly Member[]
  /** Takes a member out of service with this signal; another one takes its place once it is gone. */
  end(member: Member, signal: 'SIGKILL' | 'SIGTERM'): Promise<void>
  pause(member: Member, ms: number): Promise<void>
  /** Resolves when every place has a worker. @throws when that takes too long. */
  allReady(): Promise<void>
  /** Ends all in an orderly way. */
  close(): Promise<void>
  /** Members that ended without being told to, or not when they were told to. */
  readonly strays: readonly string[]
}

const patienceMs = 30_000

/** Keeps `size` worker processes at work. */
export function startFleet(bundle: string, order: Omit<WorkerOrder, 'name'>, size: number): Fleet {
  const members = new Set<Member>()
  const strays: string[] = []
  const log = join(order.folder, 'stderr.log')
  let closing = false

  function start(place: number, generation: number) {
    const name = `${place}.${generation}`
    const child = spawnWorker(bundle, { ...order, name }, log)
    const member: Member = { name, child, state: 'starting' }
    members.add(member)
    child.once('message', () => {
      if (member.state === 'starting') member.state = 'ready'
    })
    child.once('exit', (code, signal) => {
      members.delete(member)
      if (member.state !== 'ending')
        strays.push(`${name} ended by itself: ${code ?? signal}\n${readFileSync(log)}`)
      if (!closing) start(place, generation + 1)
    })
  }

  async function end(member: Member, signal: 'SIGKILL' | 'SIGTERM') {
    member.state = 'ending'
    const gone = once(member.child, 'exit')
    member.child.kill(signal)
    const late = sleep(patienceMs, 'late', { ref: false })
    if ((await Promise.race([gone, late])) !== 'late') return
    strays.push(`${member.name} was still there ${patienceMs} ms after ${signal}`)
    member.child.kill('SIGKILL')
    await gone
  }

  for (let place = 1; place <= size; place++) start(place, 1)

  return {
    strays,
    end,
    members: () => [...members],

    async pause(member, ms) {
      member.state = 'paused'
      member.child.kill('SIGSTOP')
      await sleep(ms)
      member.child.kill('SIGCONT')
      if (member.state === 'paused') member.state = 'ready'
    },

    async allReady() {
      const deadline = Date.now() + patienceMs
      while ([...members].filter(({ state }) => state === 'ready').length < size) {
        if (Date.now() > deadline) throw new Error(`The workers do not start: ${readFileSync(log)}`)
        await sleep(20)
      }
    },

    async close() {
      closing = true
      await Promise.all([...members].map(member => end(member, 'SIGTERM')))
    },
  }
}

function spawnWorker(bundle: string, order: WorkerOrder, log: string): ChildProcess {
  const errors = openSync(log, 'a')
  const stdio = ['ignore', 'ignore', errors, 'ipc'] as const
  const child = spawn(process.execPath, [bundle, JSON.stringify(order)], { stdio: [...stdio] })
  closeSync(errors)
  return child
}
