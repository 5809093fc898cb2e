import type { AnyProcessor, Clock, Runner, RunnerOptions } from '@longhaul/core'
import type { JobState } from '@longhaul/core/store'
import type { FakeClock } from '@longhaul/core/testing'

/** A piece of work for some workers, and what must be there when it is done. */
export interface Scenario<Processors extends readonly AnyProcessor[] = readonly AnyProcessor[]> {
  readonly name: string
  /** For one process: what its handlers do, they do with its hands. */
  processors(hands: Hands): Processors
  /** Of all runners. @defaultValue two jobs side by side */
  readonly options?: Pick<
    RunnerOptions<readonly AnyProcessor[]>,
    'codec' | 'concurrency' | 'schedules' | 'stuckAfterMs'
  >
  /** Workers come for passes of this length. @defaultValue they stay */
  readonly passMs?: number
  /** What people do before the first worker comes. @defaultValue nothing */
  prepare?(client: Runner<Processors>, clock: FakeClock): Promise<unknown>
  /** What people do from outside, whose calls never fail. */
  script(client: Runner<Processors>, clock: Clock): Promise<unknown>
  readonly expects: Expectation
}

/** Types the client by the processors. */
export function defineScenario<const Processors extends readonly AnyProcessor[]>(
  scenario: Scenario<Processors>,
): Scenario {
  return scenario as unknown as Scenario
}

export interface Hands {
  /** Does something outside, in the name of a claim. */
  act(claim: Claim, item?: string | number): Promise<void>
  /** Works for so long; answers `false` as soon as it is told to stop. */
  spend(ms: number, signal?: AbortSignal): Promise<boolean>
}

export interface Claim {
  readonly jobId: string
  readonly token: number
}

export interface Expectation {
  /** By its key, or else its first tag, how each job ends and with what it has done. There are no others. */
  readonly jobs: Readonly<Record<string, ExpectedJob>>
  /** The jobs of a schedule are there too: one for each slot from the first on, without a gap. @defaultValue none */
  readonly slots?: ExpectedSlots
  /** Is nowhere to be read in what is stored. @defaultValue nothing is secret */
  readonly secret?: string
}

export interface ExpectedSlots {
  readonly schedule: string
  readonly everyMs: number
  /** In ISO 8601. */
  readonly first: string
  readonly least: number
  readonly each: ExpectedJob
}

export interface ExpectedJob {
  readonly state: JobState
  /** All that it does outside, each at least once. @defaultValue nothing that matters */
  readonly acts?: readonly (string | number)[]
  /** How often one fault may make it do something again. @defaultValue 1 */
  readonly batchSize?: number
  /** How often it does something again without any fault. @defaultValue 0 */
  readonly repeats?: number
  /** How many items it counts as done and as failed in the end. @defaultValue whatever */
  readonly counts?: { readonly done: number; readonly failed: number }
  /** The code of the last error. @defaultValue whatever */
  readonly error?: string
  /** Where it is in the end. @defaultValue wherever */
  readonly queue?: string
  /** Where a fault holds it up for longer, it may fail by this. @defaultValue it has all the time there is */
  readonly deadlineMs?: number
  /** What a person reads of it in the end. @defaultValue whatever */
  readonly reads?: { readonly input: unknown; readonly output: unknown }
}
