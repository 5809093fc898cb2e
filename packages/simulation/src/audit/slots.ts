import { nameOf, type Run } from '../run.js'
import type { ExpectedSlots } from '../scenarios/index.js'

/** A schedule had a job for each of its slots, and no slot had two. */
export function wrongSlots({ jobs, scenario: { expects } }: Run): string[] {
  return expects.slots ? wrongSlotsAmong(jobs.map(nameOf), expects.slots) : []
}

function wrongSlotsAmong(names: readonly string[], expected: ExpectedSlots): string[] {
  const { schedule, everyMs, first, least } = expected
  const slots = slotsIn(names, schedule)
  const behind = [Date.parse(first) - everyMs, ...slots]
  const steps = slots.map((slot, place) => slot - (behind[place] ?? 0))
  return [
    ...steps.filter(step => step !== everyMs).map(step => `"${schedule}" made a step of ${step} ms`),
    ...(slots.length < least ? [`"${schedule}" came ${slots.length} times, not ${least} at least`] : []),
  ]
}

/** Instants, in their order. */
function slotsIn(names: readonly string[], schedule: string): readonly number[] {
  const start = `schedule:${schedule}@`
  const slots = names.flatMap(name => (name.startsWith(start) ? Date.parse(name.slice(start.length)) : []))
  return slots.sort((one, other) => one - other)
}
