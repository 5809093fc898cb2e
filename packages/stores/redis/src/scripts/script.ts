import { createHash } from 'node:crypto'

/**
 * Every key of a namespace. They share one hash tag, and a script names all that it touches, so that it runs on
 * a cluster too. A job is known by its `seq`: 15 digits, in the order of the inserts.
 */
export const keyNames = [
  /** Version of this layout. */
  'schema',
  /** Milliseconds that tests add to the server's time. */
  'clock',
  /** The last seq. */
  'counter',
  /** Hash: id → seq. */
  'ids',
  /** Hash: processor, tenant and idempotency key → seq. */
  'keys',
  /** Hashes, seq → what the job is: where it stands (see `rows`), its spec, and its texts, one hash for each. */
  'jobs',
  'specs',
  'inputs',
  'cursors',
  'errors',
  'memos',
  'outputs',
  /** Hash: seq → its marks, that is under what it stands in `index`. */
  'marks',
  /** Sorted by name: mark and seq, for filters. */
  'index',
  /** Sorted by seq: every job. */
  'order',
  /** Sorted by name: group, rank, due, seq of what can be claimed, now or later. */
  'line',
  /** Sorted by name: the groups that `line` may hold. */
  'groups',
  /** Sorted by name: due jobs that found their lane full, as lane, limit, group, rank, due, seq. */
  'parked',
  /** Sorted by the end of the lease: the seq of what runs. */
  'leases',
  /** Sorted: the seq of running jobs that are back in `line` because their lease ended. */
  'lapsed',
  /** Hash: lane → how many leases it holds. */
  'lanes',
  /** Sorted: the seq of paused jobs. */
  'paused',
  /** Sorted by name: state, end, seq of ended jobs. */
  'ended',
  /** Hash: what is counted, state, group → the count. */
  'tallies',
  /** Hash: claim id → the seqs and tokens that it gave out. */
  'claims',
  /** Sorted by when `claims` may be looked through for what can go: the claim ids. */
  'claimEnds',
  /** Hashes of records: seq and place → record; seq and item key → place; seq and kind → how many. */
  'items',
  'places',
  'logs',
  'recorded',
  /** Sorted: the seq of deleted jobs whose records are still there. */
  'removed',
  /** Hash: name → cell. */
  'cells',
  /** Stream of one entry: something became due. */
  'wake',
] as const

export type KeyName = (typeof keyNames)[number]

/** Lua that several scripts share. It reads keys as `at.<name>`. */
export interface Piece {
  readonly lua: string
  /** What must stand before it. */
  readonly needs?: readonly Piece[]
}

export interface Script {
  readonly name: string
  readonly keys: readonly KeyName[]
  readonly lua: string
  readonly sha: string
}

export function script(name: string, pieces: readonly Piece[], body: string): Script {
  const text = [...inOrder(pieces), { lua: body }].map(({ lua }) => lua.trim()).join('\n\n')
  const keys = keyNames.filter(key => new RegExp(`\\bat\\.${key}\\b`).test(text))
  const lua = `${header(keys)}\n\n${text}\n`
  return { name, keys, lua, sha: createHash('sha1').update(lua).digest('hex') }
}

function header(keys: readonly KeyName[]): string {
  const names = keys.map((key, index) => `${key} = KEYS[${index + 1}]`)
  return `local at = { ${names.join(', ')} }\nlocal byte, find, format, match, sub =\n  string.byte, string.find, string.format, string.match, string.sub`
}

/** Each piece once, behind those that it needs. */
function inOrder(pieces: readonly Piece[], placed = new Set<Piece>()): ReadonlySet<Piece> {
  for (const piece of pieces) {
    inOrder(piece.needs ?? [], placed)
    placed.add(piece)
  }
  return placed
}
