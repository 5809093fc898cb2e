import type { AnyProcessor, Clock, Runner, RunnerOptions } from '@longhaul/core'
import type { JobState } from '@longhaul/core/store'

/** A piece of work for some workers, and what must be there when it is done. */
export interface Scenario<Processors extends readonly AnyProcessor[] = readonly AnyProcessor[]> {
  readonly name: string
  /** For one process: what its handlers do, they do with its hands. */
  processors(hands: Hands): Processors
  readonly schedules?: NonNullable<RunnerOptions<readonly AnyProcessor[]>['schedules']>
  /** How many jobs a worker runs side by side. @defaultValue 2 */
  readonly concurrency?: number
  /** Workers come for passes of this length. @defaultValue they stay */
  readonly passMs?: number
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
  /** Works for so long, or until told to stop. */
  spend(ms: number, signal?: AbortSignal): Promise<void>
}

export interface Claim {
  readonly jobId: string
  readonly token: number
}

export interface Expectation {
  /** By its key, how each job ends and with what it has done. Others may be there only if they `follow`. */
  readonly jobs: Readonly<Record<string, ExpectedJob>>
}

export interface ExpectedJob {
  readonly state: JobState
  /** What it does outside, each at least once. @defaultValue nothing that matters */
  readonly acts?: readonly (string | number)[]
  /** How often one fault may make it do something again. @defaultValue 1 */
  readonly batchSize?: number
  /** How often it does something again without any fault. @defaultValue 0 */
  readonly repeats?: number
  /** How many items it counts as done and as failed in the end. @defaultValue whatever */
  readonly counts?: { readonly done: number; readonly failed: number }
}
