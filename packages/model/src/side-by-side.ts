import type { Command } from './commands/index.js'
import { type Coverage, cover } from './coverage.js'
import { violationsOf } from './invariants/index.js'
import type { Subject } from './subjects/index.js'
import { textOf } from './text.js'
import { ask, type Call } from './world/call.js'
import { differences } from './world/differences.js'
import { look } from './world/snapshot.js'
import type { Step } from './world/step.js'
import { learn, repeated, type World } from './world/world.js'

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
  learn(world, step)
  if (command.again) await makeAgain(world, stage, step, command)
}

async function makeCall(world: World, stage: Stage, call: Call, { kind, event }: Command): Promise<Step> {
  stage.transcript.push(`${kind}: ${textOf(call)}`)
  if (call.do === 'wait') await pass(world, stage, call.ms)
  const asked = { call, event, now: world.now, before: world.seen }
  const steps = await Promise.all(stage.subjects.map(subject => stepOn(subject, asked)))
  judge(stage, steps)
  const [first] = steps as [Step]
  cover(stage.coverage, kind, first)
  return first
}

async function pass(world: World, { subjects }: Stage, ms: number): Promise<void> {
  world.now += ms
  await Promise.all(subjects.map(subject => subject.setNow(world.now)))
}

async function stepOn({ store }: Subject, asked: Omit<Step, 'answer' | 'after'>): Promise<Step> {
  const answer = await ask(store, asked.call)
  return { ...asked, answer, after: await look(store) }
}

/** The reply was lost, so its caller calls again. */
async function makeAgain(world: World, stage: Stage, first: Step, command: Command): Promise<void> {
  const again = repeated(first.call)
  if (first.call.do === 'wait') return
  const step = await makeCall(world, stage, first.call, command)
  learn(world, step)
  if (again === 'anew') return
  const answer = again === 'the same' ? first.answer : 0
  refuse(stage, 'when it was repeated', differences(shownBy(step), { answer, after: first.after }))
}

function judge(stage: Stage, steps: readonly Step[]): void {
  for (const [place, step] of steps.entries()) {
    const name = stage.subjects[place]?.store.name ?? ''
    refuse(stage, `${name} breaks a promise`, violationsOf(step))
    refuse(stage, `${name} differs`, differences(shownBy(step), shownBy(steps[0] as Step)))
  }
}

function shownBy({ answer, after }: Step): Pick<Step, 'answer' | 'after'> {
  return { answer, after }
}

function refuse({ transcript }: Stage, what: string, lines: readonly string[]): void {
  if (lines.length === 0) return
  const calls = transcript.map((text, place) => `${place + 1}. ${text}`)
  throw new Error([`${what}:`, ...lines, '', ...calls, ''].join('\n'))
}
