import type { Clock, Random } from '../clock.js'
import { createCall } from '../gate/index.js'
import type { Pace } from '../pace.js'
import type { PrepareJob, Slice } from '../processor/slice.js'
import type { AnyProcessor } from '../processor/types.js'
import type { Store } from '../store/index.js'
import type { Budget } from './budget.js'
import type { Gates } from './gates.js'
import type { HeldJob } from './held-job.js'

export interface SliceDeps {
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  readonly gates: Gates
  readonly budget: Budget
  /** How long a commit takes. */
  readonly commitPace: Pace
  readonly prepare: PrepareJob
}

/** Room for what no measurement foresees. */
const marginMs = 50

/** A held job as its processor sees it. */
export function openSlice(held: HeldJob, processor: AnyProcessor, input: unknown, deps: SliceDeps): Slice {
  const { draft, stop, claimed } = held
  const { store, clock, random, budget, commitPace } = deps
  let call: Slice['call'] | undefined

  function openCall(): Slice['call'] {
    const gate = processor.policies.gate && deps.gates(processor.policies.gate(input))
    return createCall({ gate, clock, random, signal: stop.signal })
  }

  return {
    job: claimed,
    input,
    random,
    prepare: deps.prepare,
    get signal() {
      return stop.signal
    },
    get call() {
      call ??= openCall()
      return call
    },
    get cursor() {
      return draft.cursor()
    },
    get progress() {
      return draft.progress()
    },
    get counters() {
      return draft.counters()
    },
    add(tally) {
      draft.add(tally)
      budget.spend(tally.done)
    },
    moveTo: draft.moveTo,
    report: draft.report,
    log: draft.log,
    checkpoint: held.checkpoint,
    shouldYield: (needMs = 0) => stop.aborted || budget.isOver(needMs + commitPace.p95Ms() + marginMs),
    now: () => clock.now(),
    async wait(ms) {
      await clock.sleep(ms, { signal: stop.signal })
      stop.signal.throwIfAborted()
    },
    records: page => store.records(claimed.id, 'items', page),
  }
}
