import assert from 'node:assert/strict'
import { type Call, perform, type Reply } from './call.js'
import { type Command, callOf, ticksOf } from './commands/index.js'
import { checkLaws } from './laws.js'
import type { Place } from './places/index.js'
import { type Seen, see } from './seen.js'
import { startMs, tickMs, unitsAt } from './time.js'
import { type Step, type World, worldAfter, worldAtFirst } from './world.js'

/**
 * Gives every store the same calls, and answers with what came of each.
 *
 * @throws {assert.AssertionError} at the first step after which two stores differ, or a law is broken.
 */
export async function runOn(places: readonly Place[], commands: readonly Command[]): Promise<Step[]> {
  const steps: Step[] = []
  let world = worldAtFirst(await sameOf(places, ({ store }) => see(store, []), 'nothing'))
  let nowMs = startMs
  for (const command of commands) {
    nowMs += ticksOf(command) * tickMs
    const step = await stepOn(places, world, callOf(command, world), nowMs)
    checkLaws(step)
    steps.push(step)
    world = step.after
  }
  await compareWhole(places, world)
  return steps
}

async function stepOn(places: readonly Place[], before: World, call: Call, nowMs: number): Promise<Step> {
  const act = async (place: Place) => {
    await place.setClock(nowMs)
    const reply = await perform(place.store, call)
    return { reply, seen: await see(place.store, touchedBy(call)) }
  }
  const { reply, seen } = await sameOf<{ reply: Reply; seen: Seen }>(places, act, call)
  return { call, reply, before, after: worldAfter(before, call, reply, seen, unitsAt(nowMs)) }
}

/** A step looks closely at what it wrote to only, so in the end there is a close look at all. */
async function compareWhole(places: readonly Place[], { seen }: World): Promise<void> {
  const ids = seen.jobs.map(({ id }) => id)
  await sameOf(places, ({ store }) => see(store, ids), 'all steps')
}

function touchedBy(call: Call): readonly string[] {
  return call.do === 'commit' ? [...new Set(call.writes.map(({ write }) => write.id))] : []
}

async function sameOf<Result>(
  places: readonly Place[],
  act: (place: Place) => Promise<Result>,
  what: unknown,
): Promise<Result> {
  const [first, ...others] = await Promise.all(
    places.map(async place => ({ store: place.store.name, result: await act(place) })),
  )
  assert.ok(first, 'there are stores to compare')
  for (const { store, result } of others)
    assert.deepEqual({ after: what, store, ...result }, { after: what, store, ...first.result })
  return first.result
}
