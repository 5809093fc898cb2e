import { type JobEvent, type JobState, orBlocked, transitions } from '@longhaul/core/store'
import { lastingIn, type Step } from './world/step.js'

/** What was seen to happen. */
export interface Coverage {
  runs: number
  calls: number
  /** How often each kind of command was carried out. */
  readonly commands: Map<string, number>
  /** Arrows of a job's life, as `waiting claimed`. */
  readonly arrows: Set<string>
}

export function newCoverage(): Coverage {
  return { runs: 0, calls: 0, commands: new Map(), arrows: new Set() }
}

export const everyArrow: readonly string[] = Object.entries(transitions).flatMap(([state, arrows]) =>
  Object.keys(arrows).map(event => `${state} ${event}`),
)

export function cover(coverage: Coverage, kind: string, step: Step): void {
  const { commands, arrows } = coverage
  coverage.calls++
  commands.set(kind, (commands.get(kind) ?? 0) + 1)
  for (const [before, after] of lastingIn(step)) {
    if (before.state === 'blocked' && after.state === 'waiting') arrows.add('blocked released')
    const isMoved = before.state !== after.state || before.token !== after.token
    if (isMoved && step.event && leadsTo(before.state, step.event, after))
      arrows.add(`${before.state} ${step.event}`)
  }
}

function leadsTo(
  from: JobState,
  event: JobEvent,
  { state, waitsFor }: { state: JobState; waitsFor: number },
) {
  const to = transitions[from][event]
  return to !== undefined && orBlocked(to, waitsFor) === state
}

export function lineOf({ runs, calls, commands, arrows }: Coverage): string {
  return `model: ${runs} runs, ${calls} commands of ${commands.size} kinds, ${arrows.size} of ${everyArrow.length} arrows`
}
