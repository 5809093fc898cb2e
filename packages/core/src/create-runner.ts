import { createBulk } from './client/bulk.js'
import { createControl } from './client/control.js'
import { createGateControl } from './client/gates.js'
import { createProducer } from './client/producer.js'
import { createReader } from './client/reader.js'
import type { WaitOptions } from './client/watch.js'
import { systemClock, systemRandom } from './clock.js'
import { readNote } from './encoding/note.js'
import { createGates } from './engine/gates.js'
import { createUpkeep } from './engine/upkeep.js'
import { createWorkers, type StopOptions, type WorkOptions } from './engine/workers.js'
import { createEvents } from './events.js'
import { createFirstTime } from './first-time.js'
import { createGroupBuilder, createGroups } from './group/index.js'
import { createInstruments } from './instruments.js'
import { createPauses, without } from './pauses/index.js'
import { codecsIn } from './payload/codec.js'
import { createKeep } from './payload/keep.js'
import { openedStore } from './payload/opened-store.js'
import { createSealer } from './payload/sealer.js'
import { viewProcessor } from './processor/catalog.js'
import type { AnyProcessor } from './processor/types.js'
import { createRedactor, noRedaction } from './redact/index.js'
import { createPruner, retentionRules } from './retention/index.js'
import { createRoute, createSwitchboard, mayBegin } from './routing/index.js'
import type { Runner, TickReport } from './runner.js'
import { byName, checkRunnerOptions, checkWorkOptions, type RunnerOptions } from './runner-options.js'
import { createScheduling } from './schedule/index.js'
import { createSwitches } from './switches.js'

/**
 * @throws {OptionsError} when an option is out of range or two processors share a name.
 * @throws {ScheduleError} for a schedule that can't be, {@link UnknownProcessorError} for one without its processor.
 */
export function createRunner<const Processors extends readonly AnyProcessor[]>(
  options: RunnerOptions<Processors>,
): Runner<Processors> {
  checkRunnerOptions(options)
  const { concurrency = 10, leaseMs = 30_000, pollMs = 1_000, clock = systemClock } = options
  const { queues, weights = {}, ageing = 10, random = systemRandom } = options
  const { payloadLimit = 262_144, stuckAfterMs = 30_000 } = options
  const sealer = createSealer(codecsIn(options.codec))
  const keep = createKeep(sealer, payloadLimit)
  const processors = byName(options.processors)
  const redactor = options.redact === false ? noRedaction : createRedactor(options.redact)
  const events = createEvents(() => clock.now(), redactor)
  const instruments = createInstruments({ options, clock, redactor, events })
  const store = sealer ? openedStore(instruments.store, sealer) : instruments.store
  const opened = once(() => store.open())
  const shared = {
    ...{ store, processors, sealer, keep, clock, random, opened },
    now: () => clock.now(),
    onChange: events.onJob,
  }
  const { aroundAttempt, aroundMaking, notify } = instruments
  const { check, prepareAs, prepareAnyway, prepareFollowUp, ...producer } = createProducer({
    ...shared,
    ...{ aroundMaking, onEnqueued: instruments.enqueued },
  })
  const reader = createReader(shared)
  const bulk = createBulk(shared)
  const onError = (error: unknown) => notify({ type: 'error', error })
  const switches = createSwitches({ ...shared, cells: store, onError })
  const pauses = createPauses(switches)
  const board = createSwitchboard(switches, options.flags, onError)

  const scheduling = createScheduling({
    ...{
      ...shared,
      insert: producer.insert,
      prepare: check,
      prepareAnyway,
      declared: options.schedules ?? [],
    },
    onError,
    onChange: () => upkeep.want('schedules'),
  })
  const rules = retentionRules(options.retention, store.name)
  const retention = createPruner({ ...shared, rules, processors: [...processors.keys()] })
  const upkeep = createUpkeep({ schedules: scheduling.scheduler, retention }, clock)
  const workers = createWorkers({
    ...{
      ...shared,
      queues,
      weights,
      ageing,
      concurrency,
      leaseMs,
      pollMs,
      stuckAfterMs,
      upkeep,
      aroundAttempt,
      notify,
    },
    redact: redactor.text,
    gates: createGates(store, { clock, random }),
    prepare: prepareFollowUp,
    lookAtSwitches: switches.refreshOld,
    mayClaim: wanted => (board.known().enabled ? without(wanted, pauses.known()) : undefined),
    mayBegin: ({ note }) => mayBegin(board.known(), readNote(note).trigger),
    nextSlotInMs: scheduling.scheduler.nextInMs,
    ready: async () => {
      await ready()
      await switches.refresh()
    },
  })
  const checked = once(() => scheduling.check())

  /** Whoever begins to work looks at the schedules first. */
  async function ready(): Promise<void> {
    await opened()
    await checked()
    upkeep.want('schedules')
  }

  async function tick(): Promise<TickReport> {
    await ready()
    upkeep.want()
    const { done, errors } = await upkeep.tick()
    if (errors.length > 0) throw errors[0]
    const { schedules: enqueued = 0, retention: pruned = 0 } = done
    return { enqueued, pruned, dueInMs: scheduling.scheduler.nextInMs() }
  }

  const runner = {
    ...producer,
    ...reader,
    ...createControl(shared),
    gates: createGateControl(shared),
    bulk,
    group: (id?: string) => createGroupBuilder({ ...shared, insert: producer.insert, prepareAs }, id),
    groups: createGroups({ ...shared, bulk }),
    flags: board.control,
    route: createRoute({ check, enqueue: producer.enqueue, flags: board.fresh, random }),
    queues: pauses.queues,
    processors: pauses.processors,
    catalog: () => options.processors.map(viewProcessor),
    firstTime: createFirstTime({ ...shared, cells: store }),
    waitFor: (job: string | { id: string }, wait?: WaitOptions) =>
      reader.waitFor(typeof job === 'string' ? job : job.id, wait),
    schedules: scheduling.schedules,
    ...instruments.views({ ...shared, paused: pauses.known, slots: workers.slots }),
    on: events.on,
    open: opened,
    tick,
    start: workers.start,
    stop: workers.stop,

    async work(limits: WorkOptions = {}) {
      checkWorkOptions(limits)
      return workers.work(limits)
    },

    async close(how?: StopOptions) {
      await workers.stop(how)
      await store.close()
    },
  }
  return runner as unknown as Runner<Processors>
}

/** Does it at the first call; all calls share the answer. A failure is tried again by the next call. */
function once(open: () => Promise<void>): () => Promise<void> {
  let opening: Promise<void> | undefined
  return () => {
    opening ??= open().catch(error => {
      opening = undefined
      throw error
    })
    return opening
  }
}
