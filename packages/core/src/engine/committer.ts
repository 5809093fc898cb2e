import type { Committed, Store, Write } from '../store/index.js'

/** Writes one change to a job; many that come at the same time share a commit. */
export type Committer = (write: Write) => Promise<Committed>

const mostAtOnce = 500

interface Waiting {
  readonly write: Write
  resolve(committed: Committed): void
  reject(error: unknown): void
}

/** Whatever comes in while a commit is under way goes out together with the next one. */
export function createCommitter(store: Pick<Store, 'commit'>): Committer {
  const waiting: Waiting[] = []
  let flushing = false

  async function flush() {
    if (flushing) return
    flushing = true
    while (waiting.length > 0) await commitAll(store, waiting.splice(0, mostAtOnce))
    flushing = false
  }

  return write =>
    new Promise((resolve, reject) => {
      waiting.push({ write, resolve, reject })
      void flush()
    })
}

async function commitAll(store: Pick<Store, 'commit'>, batch: readonly Waiting[]): Promise<void> {
  try {
    const committed = await store.commit(batch.map(({ write }) => write))
    batch.forEach((waiting, index) => {
      waiting.resolve(committed[index] as Committed)
    })
  } catch (error) {
    for (const waiting of batch) waiting.reject(error)
  }
}
