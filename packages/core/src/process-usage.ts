import process from 'node:process'

/** What this process takes up. */
export interface ProcessUsage {
  /** Resident memory. */
  readonly rssBytes: number
  readonly heapUsedBytes: number
  /** Time on a processor since the process began, in milliseconds: user and system, over all threads. */
  readonly cpuMs: number
}

/** The only place where the core looks at its process; everything else is given it. */
export type ReadProcess = () => ProcessUsage

export const systemProcess: ReadProcess = () => {
  const { rss, heapUsed } = process.memoryUsage()
  const { user, system } = process.cpuUsage()
  return { rssBytes: rss, heapUsedBytes: heapUsed, cpuMs: (user + system) / 1_000 }
}
