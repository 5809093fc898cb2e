import { execFileSync } from 'node:child_process'

/** Whom a process runs as; empty for whoever runs this one. */
export interface User {
  readonly uid?: number
  readonly gid?: number
}

/** Postgres refuses to run as root: then its own user does it, or else the one without any rights. */
export function unprivilegedUser(): User {
  if (process.getuid?.() !== 0) return {}
  return userNamed('postgres') ?? userNamed('nobody') ?? {}
}

function userNamed(name: string): User | undefined {
  const id = (which: string) =>
    Number(execFileSync('id', [which, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
  try {
    return { uid: id('-u'), gid: id('-g') }
  } catch {
    return undefined
  }
}
