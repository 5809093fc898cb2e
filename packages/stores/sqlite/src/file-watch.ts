import { type FSWatcher, watch } from 'node:fs'

/** What tells that a file was written to. It may miss some, and tell of more. */
export interface FileWatch {
  /** Whether it hears anything at all; if not, it tries to from now on. */
  isOn(): boolean
  /** Begins anew: the file may have been replaced. */
  renew(): void
  stop(): void
}

/** Watches the first of these files that is there. Never throws, and keeps no process alive. */
export function watchFile(paths: readonly string[], onWrite: () => void): FileWatch {
  let watcher: FSWatcher | undefined
  let isStopped = false

  function isOn() {
    if (!isStopped) watcher ??= firstOf(paths, heard, lose)
    return watcher !== undefined
  }

  /** A file that was moved or deleted is not the one that is written to. */
  function heard(event: string) {
    if (event === 'rename') lose()
    onWrite()
  }

  function lose() {
    watcher?.close()
    watcher = undefined
  }

  return {
    isOn,
    renew: lose,
    stop() {
      isStopped = true
      lose()
    },
  }
}

function firstOf(paths: readonly string[], heard: (event: string) => void, lose: () => void) {
  for (const path of paths) {
    const watcher = tryToWatch(path, heard)
    if (watcher) return watcher.on('error', lose)
  }
  return undefined
}

/** Not every file system tells, and a system has only so many watches to give. */
function tryToWatch(path: string, heard: (event: string) => void): FSWatcher | undefined {
  try {
    return watch(path, { persistent: false }, heard)
  } catch {
    return undefined
  }
}
