import { problemOf } from '../process/problem.js'
import type { ServerKind } from './kinds.js'

export interface FoundServer {
  readonly url: string
  /** Ends it, if it was started for this run. */
  close(): Promise<void>
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The server for a run's tests: the one that the environment names, else one that already listens where such
 * servers usually do, else one started for this run. `LONGHAUL_TEST_SERVERS=own` leaves out the second.
 *
 * @throws with the reason, when none can be had.
 */
export async function findServer(kind: ServerKind, environment: Environment): Promise<FoundServer> {
  const given = environment[kind.variable]
  if (given !== undefined) return checked(kind, given)

  const usual = environment.LONGHAUL_TEST_SERVERS === 'own' ? undefined : await listening(kind)
  if (usual !== undefined) return notOurs(usual)

  const reason = kind.whyNot()
  if (reason !== undefined) throw new Error(`no server at ${kind.usual[0]}, and ${reason}`)
  return kind.start()
}

/** Whoever names a server wants that one and no other. */
async function checked(kind: ServerKind, url: string): Promise<FoundServer> {
  await kind.check(url).catch(cause => {
    throw new Error(`the one that ${kind.variable} names can't be used (${cause})`, { cause })
  })
  return notOurs(url)
}

async function listening({ usual, check }: ServerKind): Promise<string | undefined> {
  for (const url of usual) {
    if ((await problemOf(check(url))) === undefined) return url
  }
  return undefined
}

const notOurs = (url: string): FoundServer => ({ url, close: async () => {} })
