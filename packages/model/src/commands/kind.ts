import type { JobEvent } from '@longhaul/core/store'
import fc from 'fast-check'
import type { Call } from '../calls/call.js'
import type { World } from '../world/world.js'
import { type Fields, whole } from './records.js'

/** A command as it is generated, and as a case names it. */
export interface Command {
  readonly kind: string
  readonly event: JobEvent | undefined
  /** Whether the call is made twice. */
  readonly again: boolean
  /** `undefined`, when the world has nothing to do it with. */
  callIn(world: World): Call | undefined
  toString(): string
}

/** A way to call a store; `of` makes one command, from what a chance or a case chose. */
export interface Kind<Choice extends object> {
  readonly kind: string
  readonly commands: fc.Arbitrary<Command>
  of(choice: Choice & { readonly again?: boolean }): Command
}

/** @param name That of the constant it is kept in, so that a command reads as it is written. */
export function kindOf<Choice extends object>(
  name: string,
  choices: Fields<Choice>,
  callIn: (world: World, choice: Choice) => Call | undefined,
  event?: JobEvent,
): Kind<Choice> {
  const of: Kind<Choice>['of'] = ({ again = false, ...choice }) => ({
    kind: name,
    event,
    again,
    callIn: world => callIn(world, choice as unknown as Choice),
    toString: () => `${name}.of(${fc.stringify({ ...choice, ...(again && { again }) })})`,
  })
  const anyChoice = whole<Choice & { again: boolean }>({ ...choices, again } as never)
  return { kind: name, commands: anyChoice.map(of), of }
}

const again = fc.constantFrom(false, false, false, true)

/** Points at one of however many there are. */
export const anyPlace = fc.nat(30)
