import { ask, type Call } from './calls/call.js'
import { repeated } from './calls/repeated.js'
import { textOf } from './calls/text.js'
import type { Command } from './commands/index.js'
import { type Coverage, cover } from './coverage.js'
import { differences } from './differences.js'
import { violationsOf } from './invariants/index.js'
import type { Subject } from './subjects/index.js'
import { look } from './world/snapshot.js'
import type { Step } from './world/step.js'
import { learn, type World } from './world/world.js'

/** The stores of one run, and what became of it so far. */
export interface Stage {
  readonly subjects: readonly Subject[]
  readonly coverage: Coverage
  readonly transcript: string[]
}

/** @throws when a store breaks an invariant, or differs from the first one in what it answers or shows. */
export async function carryOut(world: World, stage: Stage, command: Command): Promise<void> {
  const call = command.callIn(world)
  if (!call) return
  const step = await makeCall(world, stage, call, command)
  if (command.again) await makeAgain(world, stage, step, command)
}

/** Its reply was lost, so its caller calls again. */
async function makeAgain(world: World, stage: Stage, first: Step, command: Command): Promise<void> {
  const { answer, after } = await makeCall(world, stage, first.call, command)
  const does = repeated(first.call)
  if (does === 'anew') return
  const expected = { answer: does === 'the same' ? first.answer : 0, after: first.after }
  refuse(stage, 'it differs when it is repeated', differences({ answer, after }, expected))
}

async function makeCall(world: World, stage: Stage, call: Call, { kind, event }: Command): Promise<Step> {
  stage.transcript.push(`${kind}: ${textOf(call)}`)
  if (call.do === 'wait') await pass(world, stage, call.ms)
  const asked = { call, event, now: world.now, before: world.seen }
  const steps = await Promise.all(stage.subjects.map(subject => stepOn(subject, asked)))
  const first = agreed(stage, steps)
  cover(stage.coverage, kind, first)
  learn(world, first)
  return first
}

/** At the end of a run: also what the steps took as known is the same everywhere. */
export async function compareWhole(stage: Stage): Promise<void> {
  const [first, ...others] = await Promise.all(stage.subjects.map(({ store }) => look(store)))
  for (const other of others) refuse(stage, 'in the end they differ', differences(other, first))
}

async function pass(world: World, { subjects }: Stage, ms: number): Promise<void> {
  world.now += ms
  await Promise.all(subjects.map(subject => subject.setNow(world.now)))
}

async function stepOn({ store }: Subject, asked: Omit<Step, 'answer' | 'after'>): Promise<Step> {
  const answer = await ask(store, asked.call)
  return { ...asked, answer, after: await look(store, asked.before) }
}

/** The step that each store took. */
function agreed(stage: Stage, steps: readonly Step[]): Step {
  const [first] = steps as [Step]
  for (const [place, step] of steps.entries()) {
    const name = stage.subjects[place]?.store.name
    refuse(stage, `${name} breaks a promise`, violationsOf(step))
    refuse(stage, `${name} differs from ${stage.subjects[0]?.store.name}`, differences(step, first))
  }
  return first
}

function refuse({ transcript }: Stage, what: string, lines: readonly string[]): void {
  if (lines.length === 0) return
  const calls = transcript.map((text, place) => `${place + 1}. ${text}`)
  throw new Error([`${what}:`, ...lines, '', ...calls, ''].join('\n'))
}
