import fc from 'fast-check'
import * as after from './after.js'
import * as claims from './claims.js'
import * as holders from './holders.js'
import * as inserts from './inserts.js'
import type { Command, Kind } from './kind.js'
import * as others from './others.js'
import * as wishes from './wishes.js'
import * as writes from './writes.js'

export type { Command } from './kind.js'

type AnyKind = Pick<Kind<never>, 'kind' | 'commands'>

/** How often those of one file come, beside those of the others. */
const weighted: readonly (readonly [weight: number, file: object])[] = [
  [5, inserts],
  [2, after],
  [9, claims],
  [16, holders],
  [7, writes],
  [8, wishes],
  [5, others],
]

const isKind = (member: unknown): member is AnyKind =>
  typeof member === 'object' && member !== null && 'commands' in member

const kindsIn = (file: object) => Object.values(file).filter(isKind)

/** The name of every kind. */
export const kindNames: readonly string[] = weighted.flatMap(([, file]) =>
  kindsIn(file).map(({ kind }) => kind),
)

export const anyCommand: fc.Arbitrary<Command> = fc.oneof(
  ...weighted.map(([weight, file]) => ({
    weight,
    arbitrary: fc.oneof(...kindsIn(file).map(({ commands }) => commands)),
  })),
)
