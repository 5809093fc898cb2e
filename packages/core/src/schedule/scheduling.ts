import { OptionsError, ScheduleError, UnknownProcessorError } from '../errors.js'
import type { Sealer } from '../payload/sealer.js'
import type { AnyProcessor } from '../processor/types.js'
import type { Store } from '../store/index.js'
import type { SwapLoopDeps } from '../swap-loop.js'
import { sharedCalendars } from './calendars.js'
import type { Schedule } from './definition.js'
import { createKeeping } from './kept.js'
import { createKnown } from './known.js'
import { createSchedules, type ManageDeps } from './manage.js'
import { type ReadySchedule, readySchedule } from './ready.js'
import { createScheduler, type SchedulerDeps } from './scheduler.js'
import { cannotMake, type Prepare, slotJob } from './slot-job.js'

export interface SchedulingDeps
  extends Omit<SwapLoopDeps, 'cells'>,
    Pick<SchedulerDeps, 'insert' | 'onError'>,
    Pick<ManageDeps, 'opened' | 'onChange'> {
  readonly store: Pick<Store, 'cell' | 'swap'>
  readonly processors: ReadonlyMap<string, AnyProcessor>
  readonly sealer: Sealer | undefined
  /** Those in code. */
  readonly declared: readonly Schedule[]
  /** For a new schedule. @throws {InputError} when its input does not fit, and what else `enqueue` throws. */
  readonly prepare: Prepare
  /** For a slot, whether the input still fits or not. */
  readonly prepareAnyway: Prepare
}

const mostDeclared = 1_000

/**
 * The schedules of one runner, in code and in the store, and the jobs that they make.
 *
 * @throws {ScheduleError} `invalid_schedule`, {@link UnknownProcessorError}, {@link OptionsError}: for one in code.
 */
export function createScheduling(deps: SchedulingDeps) {
  const calendars = sharedCalendars()
  const declared = deps.declared.map(schedule => readySchedule(schedule, 'code', calendars))
  refuseMistakes(declared, deps.processors)
  const keeping = createKeeping(deps.sealer)
  const known = createKnown({ ...deps, declared, calendars, keeping })
  const tools = { ...deps, cells: deps.store, known, calendars, keeping }

  async function checkJob(schedule: ReadySchedule): Promise<void> {
    const now = deps.clock.now()
    await slotJob(schedule, schedule.calendar.after(now) ?? now, deps.prepare)
  }

  return {
    schedules: createSchedules({ ...tools, checkJob }),
    scheduler: createScheduler({
      ...tools,
      canMake: ({ processor }) => deps.processors.has(processor),
      jobFor: (schedule, slot) => slotJob(schedule, slot, deps.prepareAnyway),
    }),
    /** @throws {ScheduleError} when the input of one in code does not fit: a schema may take its time to tell. */
    async check(): Promise<void> {
      for (const schedule of declared) {
        await checkJob(schedule).catch(error => {
          throw cannotMake('invalid_schedule', schedule, error)
        })
      }
    },
  }
}

function refuseMistakes(
  declared: readonly ReadySchedule[],
  processors: ReadonlyMap<string, AnyProcessor>,
): void {
  if (declared.length > mostDeclared) throw new OptionsError('schedules', `at most ${mostDeclared}`)
  const seen = new Set<string>()
  for (const { name, processor } of declared) {
    if (!processors.has(processor)) throw new UnknownProcessorError(processor, [...processors.keys()])
    if (seen.has(name)) throw new ScheduleError('invalid_schedule', name, 'two schedules have this name.')
    seen.add(name)
  }
}
