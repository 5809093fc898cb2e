import type { ClaimRequest, Job, Write } from '@longhaul/core/store'
import type { Snapshot } from './snapshot.js'
import { acceptedIn, claimedIn, isHeld, type Step } from './step.js'

/** What a claim gave to its caller, and what the caller wrote since. */
export interface Hold {
  readonly id: string
  readonly token: number
  seq: number
  cursor: number
}

/** What the callers of the stores know: the same, whichever store answers. */
export interface World {
  now: number
  /** How many calls there were. */
  steps: number
  seen: Snapshot
  /** By every claim so far, also those that are over. */
  readonly holds: Hold[]
  readonly claims: ClaimRequest[]
  readonly writes: Write[]
}

export const startMs = Date.UTC(2026, 0, 1)

export function newWorld(): World {
  const seen: Snapshot = { jobs: new Map(), records: {}, counts: noCounts, cells: {} }
  return { now: startMs, steps: 0, seen, holds: [], claims: [], writes: [] }
}

const noCounts = {} as Snapshot['counts']

/** Takes in what a call has shown. */
export function learn(world: World, step: Step): void {
  world.steps++
  world.seen = step.after
  if (step.call.do === 'claim') world.claims.push(step.call.request)
  for (const job of claimedIn(step)) hold(world, job)
  for (const write of acceptedIn(step)) note(world, write)
}

function hold({ holds }: World, { id, token, cursor }: Job): void {
  if (holds.some(held => held.id === id && held.token === token)) return
  holds.push({ id, token, seq: 0, cursor: Number(cursor ?? 0) })
}

function note({ holds, writes }: World, write: Write): void {
  const held = holds.find(({ id, token }) => id === write.id && token === write.token)
  if (!held || write.seq <= held.seq) return
  writes.push(write)
  held.seq = write.seq
  held.cursor = Number(write.patch.cursor ?? held.cursor)
}

/** The holds whose callers may still write. */
export function liveHolds({ holds, seen, now }: World): readonly Hold[] {
  return holds.filter(hold => isLive(seen.jobs.get(hold.id), hold, now))
}

/** The holds that a newer claim, the end of a lease or of the job took away. */
export function staleHolds({ holds, seen, now }: World): readonly Hold[] {
  return holds.filter(hold => !isLive(seen.jobs.get(hold.id), hold, now))
}

function isLive(job: Job | undefined, { token }: Hold, now: number): boolean {
  return job !== undefined && job.token === token && isHeld(job, now)
}

/** A name that no step before has given; `place` tells apart those that one step gives. */
export function nameIn({ steps }: World, place = 0): string {
  return `${steps + 1}${'abcdefgh'[place]}`
}

/** The one that a number of any size points at. */
export function pick<Member>(members: readonly Member[], number: number): Member | undefined {
  return members[number % members.length]
}
