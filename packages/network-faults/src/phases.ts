import type { Write } from '@longhaul/core/store'
import type { PhaseName } from './matrix.js'
import { type Stage, slots } from './stage.js'

/** Resolves once it has struck, at the moment that the phase is named after. The answer ends it. */
export type Phase = (stage: Stage) => Promise<() => void>

export const phases: Readonly<Record<PhaseName, Phase>> = {
  /** No call is under way. */
  idle: ({ worker, proxy, strike }) =>
    new Promise(resolve => {
      worker.atRest = () => {
        worker.atRest = undefined
        strike(proxy)
        resolve(nothing)
      }
    }),

  /** The server was asked for jobs, and has some; the worker has no answer yet. */
  claiming: ({ worker, proxy, strike, enqueueWalks }) =>
    new Promise(resolve => {
      worker.before.claim = async ({ claimId }) => {
        delete worker.before.claim
        await enqueueWalks(slots)
        once(proxy, claimId, () => {
          strike(proxy)
          resolve(nothing)
        })
      }
    }),

  /** The server was sent a checkpoint; the worker does not know whether it is saved. More writes follow. */
  committing: async ({ worker, proxy, strike, enqueueWalks, goOn }) => {
    const struck = new Promise<() => void>(resolve => {
      worker.before.commit = writes => {
        const checkpoint = writes.find(isCheckpoint)
        if (!checkpoint) return
        delete worker.before.commit
        once(proxy, checkpoint.id, () => {
          strike(proxy)
          goOn()
          resolve(nothing)
        })
      }
    })
    await enqueueWalks(slots, true)
    return struck
  },

  /** The connection for hints waits for one, and so does every other one that takes its place. All else is well. */
  listening: ({ proxy, listening, strike }) =>
    new Promise(resolve => {
      const stop = proxy.behind(listening, connection => {
        strike(connection)
        resolve(stop)
      })
    }),
}

function nothing() {}

function once(proxy: Stage['proxy'], text: string, then: () => void): void {
  const stop = proxy.behind(text, () => {
    stop()
    then()
  })
}

function isCheckpoint({ patch }: Write): boolean {
  return patch.state === undefined && patch.cursor !== undefined
}
