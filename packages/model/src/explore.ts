import fc from 'fast-check'
import { anyCommand, type Command } from './commands/index.js'
import { type Coverage, newCoverage } from './coverage.js'
import { carryOut, compareWhole, type Stage } from './side-by-side.js'
import { freshSubjects, type Source } from './subjects/index.js'
import { newWorld, startMs, type World } from './world/world.js'

export interface Exploration {
  readonly seed: number
  readonly runs: number
  /** Leads straight to the shrunk run that a report named. */
  readonly path?: string | undefined
  /** Whether the first run that fails is told as it is. */
  readonly asFound?: boolean
}

/** Longer runs find no more, and shorter ones reach less. */
const mostCommands = 90

/** Many runs of random commands, each on fresh stores. @throws with the shortest run found that fails. */
export async function explore(sources: readonly Source[], exploration: Exploration): Promise<Coverage> {
  const { seed, runs, path, asFound = false } = exploration
  const coverage = newCoverage()
  const lists = fc.commands([anyCommand.map(runnable)], {
    maxCommands: mostCommands,
    size: 'max',
    disableReplayLog: true,
  })
  const agree = fc.asyncProperty(lists, commands => run(sources, commands, coverage))
  const options = {
    seed,
    numRuns: runs,
    endOnFailure: asFound,
    includeErrorInReport: true,
    ...(path !== undefined && { path }),
  }
  await fc.assert(agree, options)
  return coverage
}

/** One run of commands that a case names. */
export async function replay(sources: readonly Source[], commands: readonly Command[]): Promise<Coverage> {
  const coverage = newCoverage()
  await run(sources, commands.map(runnable), coverage)
  return coverage
}

type Runnable = fc.AsyncCommand<World, Stage>

function runnable(command: Command): Runnable {
  return {
    check: world => command.callIn(world) !== undefined,
    run: (world, stage) => carryOut(world, stage, command),
    toString: () => command.toString(),
  }
}

async function run(
  sources: readonly Source[],
  commands: Iterable<Runnable>,
  coverage: Coverage,
): Promise<void> {
  const subjects = await freshSubjects(sources, startMs)
  const stage: Stage = { subjects, coverage, transcript: [] }
  coverage.runs++
  try {
    await fc.asyncModelRun(() => ({ model: newWorld(), real: stage }), commands)
    await compareWhole(stage)
  } finally {
    await Promise.all(subjects.map(subject => subject.close()))
  }
}
