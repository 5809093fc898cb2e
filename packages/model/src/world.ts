import type { Job } from '@longhaul/core/store'
import type { Call, Reply } from './call.js'
import { type Edges, edgesAfter, noEdges } from './edges.js'
import type { Seen } from './seen.js'

/** What the stores hold before a step, and what the next calls need to know of the ones before. */
export interface World {
  readonly step: number
  /** The clock, in units. */
  readonly now: number
  readonly seen: Seen
  readonly edges: Edges
  /** Of the newest claim. */
  readonly claimId: string
  /** The last write of each token. */
  readonly seqs: ReadonlyMap<string, number>
  readonly cells: ReadonlyMap<string, { readonly version: number; readonly changeId: string }>
}

/** A call, and what came of it. */
export interface Step {
  readonly call: Call
  readonly reply: Reply
  readonly before: World
  readonly after: World
}

export function worldAtFirst(seen: Seen): World {
  const nothing = { seqs: new Map(), cells: new Map(), edges: noEdges }
  return { step: 0, now: 0, seen, claimId: 'claim', ...nothing }
}

export function worldAfter(world: World, call: Call, reply: Reply, seen: Seen, now: number): World {
  return {
    step: world.step + 1,
    now,
    seen,
    edges: edgesAfter(world.edges, { call, reply, before: world.seen.jobs, after: seen.jobs }),
    claimId: call.do === 'claim' ? call.request.claimId : world.claimId,
    seqs: seqsAfter(world.seqs, call, reply),
    cells: cellsAfter(world.cells, call, reply),
  }
}

export function tokenOf({ id, token }: Pick<Job, 'id' | 'token'>): string {
  return `${id} ${token}`
}

function seqsAfter(seqs: World['seqs'], call: Call, { committed = [] }: Reply): World['seqs'] {
  if (call.do !== 'commit') return seqs
  const accepted = call.writes.filter(({ isNew }, index) => isNew && committed[index]?.accepted)
  return new Map([...seqs, ...accepted.map(({ write }) => [tokenOf(write), write.seq] as const)])
}

function cellsAfter(cells: World['cells'], call: Call, { swapped }: Reply): World['cells'] {
  if (call.do !== 'swap' || !swapped) return cells
  return new Map([...cells, [call.name, { version: swapped.version, changeId: call.change.id }]])
}
