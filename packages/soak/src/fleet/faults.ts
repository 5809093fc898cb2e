import { setTimeout as sleep } from 'node:timers/promises'
import type { Fault } from '../evidence.js'
import type { Fleet, Member } from './fleet.js'

export interface FaultPlan {
  readonly durationMs: number
  readonly everyMs: number
  readonly leaseMs: number
  /** Crashes and restarts the server, where there is one. */
  readonly restartServer: (() => Promise<void>) | undefined
}

const mostPaused = 5
/** A fault waits until so many workers are at work: taking over needs somebody who does it. */
const leastReady = 3

/**
 * Kills and pauses one worker after the other, restarts all of them in an orderly way twice, and crashes the server
 * twice. Resolves with all that was done, when nothing of it goes on any more.
 */
export async function injectFaults(fleet: Fleet, plan: FaultPlan): Promise<readonly Fault[]> {
  const log: Fault[] = []
  await Promise.all([
    strikeRepeatedly(fleet, plan, log),
    ...[1 / 4, 3 / 4].map(share => at(share, plan, () => roll(fleet, log))),
    ...[1 / 3, 2 / 3].map(share => at(share, plan, () => crashServer(plan, log))),
  ])
  return log.toSorted((a, b) => a.at - b.at)
}

async function at(share: number, { durationMs }: FaultPlan, work: () => Promise<void>): Promise<void> {
  await sleep(durationMs * share)
  await work()
}

/** One that has to wait for workers does not put off those behind it: on average the pace is kept. */
async function strikeRepeatedly(fleet: Fleet, plan: FaultPlan, log: Fault[]): Promise<void> {
  const under: Promise<void>[] = []
  const startedAt = Date.now()
  const goesOn = () => Date.now() < startedAt + plan.durationMs
  for (let turn = 0; goesOn(); turn++) {
    await sleep(startedAt + turn * plan.everyMs - Date.now())
    const victim = anyOf(await enough(fleet, goesOn))
    if (victim) under.push(strike(victim, turn, fleet, plan, log))
  }
  await Promise.all(under)
}

/**
 * Every third time a kill, else a pause longer than the lease; and a kill where enough are paused already. Pauses
 * cost the machine nothing, and a kill costs it the start of the next worker.
 */
function strike(victim: Member, turn: number, fleet: Fleet, { leaseMs }: FaultPlan, log: Fault[]) {
  if (turn % 3 === 0 || pausedIn(fleet) >= mostPaused) {
    return logged(log, 'kill', victim.name, () => fleet.end(victim, 'SIGKILL'))
  }
  const ms = leaseMs * (1.2 + 0.3 * Math.random())
  return logged(log, 'pause', victim.name, () => fleet.pause(victim, ms))
}

/** One worker after the other, each when there are enough without it. */
async function roll(fleet: Fleet, log: Fault[]): Promise<void> {
  for (const old of fleet.members()) {
    await enough(fleet, () => true)
    if (old.state === 'ready') await logged(log, 'stop', old.name, () => fleet.end(old, 'SIGTERM'))
  }
}

/** Those at work, once there are enough of them; nobody if it is over before. */
async function enough(fleet: Fleet, goesOn: () => boolean): Promise<readonly Member[]> {
  for (; goesOn(); await sleep(20)) {
    const ready = fleet.members().filter(({ state }) => state === 'ready')
    if (ready.length >= leastReady) return ready
  }
  return []
}

async function crashServer({ restartServer }: FaultPlan, log: Fault[]): Promise<void> {
  if (restartServer) await logged(log, 'server', null, restartServer)
}

async function logged(log: Fault[], kind: Fault['kind'], worker: string | null, work: () => Promise<void>) {
  const began = Date.now()
  await work()
  log.push({ kind, worker, at: began, until: Date.now() })
}

function pausedIn(fleet: Fleet): number {
  return fleet.members().filter(({ state }) => state === 'paused').length
}

function anyOf<Value>(values: readonly Value[]): Value | undefined {
  return values[Math.floor(Math.random() * values.length)]
}
