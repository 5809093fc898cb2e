import { accessSync, constants, mkdirSync } from 'node:fs'
import { join, relative } from 'node:path'
import { Problem } from './problem.js'

/** Where the demo keeps things. */
export interface Folder {
  /** The app's own database: its CRM records. */
  readonly app: string
  /** longhaul's job store. */
  readonly jobs: string
  /** What was asked of the API: a line for each call. */
  readonly calls: string
}

/** @throws {Problem} when there can be no such folder, or nothing can be written to it. */
export function openFolder(path: string): Folder {
  try {
    mkdirSync(path, { recursive: true })
    accessSync(path, constants.W_OK | constants.X_OK)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new Problem(`The folder ${shown(path)} cannot be written (${code}). Name another one with --data.`)
  }
  return { app: join(path, 'crm.db'), jobs: join(path, 'jobs.db'), calls: join(path, 'api-calls.log') }
}

/** From here, unless that is longer. */
export function shown(path: string): string {
  const fromHere = relative(process.cwd(), path) || '.'
  return fromHere.length < path.length ? fromHere : path
}
