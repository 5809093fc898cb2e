import { createHash } from 'node:crypto'

/**
 * Every key of a namespace. They share one hash tag, and a script names all that it touches, so that it runs on
 * a cluster too. A `ref` is the place of a job in the order of the inserts (15 digits) and its id.
 */
export const keyNames = [
  /** Version of this layout. */
  'schema',
  /** Milliseconds that tests add to the server's time. */
  'clock',
  /** The last place in the order of the inserts. */
  'counter',
  /** Hash: id → row, which is all that is known of a job (see `rows`), but for what is long. */
  'jobs',
  /** Hash: letter and id → a long text of a job. */
  'texts',
  /** Hash: processor, tenant and idempotency key → id. */
  'keys',
  /** Hash: id → its marks, that is under what it stands in `index`. */
  'marks',
  /** Sorted by name: mark and ref, for filters. */
  'index',
  /** Sorted by name: the ref of every job. */
  'order',
  /** Sorted by name: group, rank, due, ref of what can be claimed, now or later. */
  'line',
  /** Sorted by name: the groups that `line` may hold. */
  'groups',
  /** Sorted by name: due jobs that found their lane full, as lane, limit, group, rank, due, ref. */
  'parked',
  /** Sorted by the end of the lease: the id of what is held. */
  'leases',
  /** Sorted by name: the ref of running jobs that are back in `line` because their lease ended. */
  'lapsed',
  /** Hash: lane → how many leases it holds. */
  'lanes',
  /** Sorted by name: the ref of jobs that wait for others. */
  'blocked',
  /** Sorted by name: the ref of paused jobs. */
  'paused',
  /** Sorted by name: state, end, ref of ended jobs. */
  'ended',
  /** Hash: what is counted, state, group → the count. */
  'tallies',
  /** Sorted by name: seq of a job, outcome that another one needs of it, and the ref of that one. */
  'waiters',
  /** Hash: id of a job that waits for others → outcome that it needs, and the seqs of those that it waited for. */
  'awaits',
  /** Hash: claim id → the tokens and ids that it gave out. */
  'claims',
  /** Sorted by when `claims` may be looked through for what can go: the claim ids. */
  'claimEnds',
  /** Hashes of records: seq and place → record; seq and item key → place; seq and kind → how many. */
  'items',
  'places',
  'logs',
  'recorded',
  /** Sorted by name: the seq of deleted jobs whose records are still there. */
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

/** Each piece once, behind those that it needs, and then what the script does. */
export function script(name: string, pieces: readonly Piece[], body: string): Script {
  const text = textOf(pieces, body)
  const keys = keyNames.filter(key => new RegExp(`\\bat\\.${key}\\b`).test(text))
  const lua = `${header(keys)}\n\n${text}\n`
  return { name, keys, lua, sha: createHash('sha1').update(lua).digest('hex') }
}

/**
 * A script that first tries what nearly every call wants, and else returns `rarely()`. To define a function takes
 * Redis a good part of a microsecond, so those that are for all cases are defined only there.
 */
export function quickScript(
  name: string,
  pieces: readonly Piece[],
  rare: { readonly needs: readonly Piece[]; readonly lua: string },
  quick: string,
): Script {
  const shared = new Set<Piece>()
  const first = textOf(pieces, '', shared)
  const rarely = `local function rarely()\n${textOf(rare.needs, rare.lua, shared)}\nend`
  return script(name, [], [first, rarely, quick.trim()].join('\n\n'))
}

function textOf(pieces: readonly Piece[], body: string, placed = new Set<Piece>()): string {
  return [...inOrder(pieces, placed), body.trim()].join('\n\n')
}

function inOrder(pieces: readonly Piece[], placed: Set<Piece>): string[] {
  return pieces.flatMap(piece => {
    if (placed.has(piece)) return []
    const before = inOrder(piece.needs ?? [], placed)
    placed.add(piece)
    return [...before, piece.lua.trim()]
  })
}

function header(keys: readonly KeyName[]): string {
  const names = keys.map((key, index) => `${key} = KEYS[${index + 1}]`)
  return `local at = { ${names.join(', ')} }\nlocal byte, find, format, match, sub =\n  string.byte, string.find, string.format, string.match, string.sub`
}
