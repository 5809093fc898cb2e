import type { Clock, Middleware } from '@longhaul/core'
import type { Store } from '@longhaul/core/store'
import type { Note } from './events.js'
import type { Life } from './life.js'

/** One worker, and to whom it is told what goes on in it. */
export interface Watched {
  readonly worker: number
  readonly life: Life
  readonly clock: Clock
  readonly note: Note
}

/** Tells when a handler begins in this process, and when it has returned. */
export function watchedHandlers({ worker, life, clock, note }: Watched): Middleware {
  return {
    async attempt({ id: job }, next) {
      await life.step()
      note({ type: 'began', at: clock.now(), worker, job })
      await next().finally(() => note({ type: 'returned', at: clock.now(), worker, job }))
    },
  }
}

/** Tells what this process has seen of what people switch, and what it asks for: as it knows it, behind all faults. */
export function watchedReach(store: Store, { worker, clock, note }: Watched): Store {
  return {
    ...store,

    async cell(name) {
      const askedAt = clock.now()
      const cell = await store.cell(name)
      if (name === 'switches') note({ type: 'looked', at: clock.now(), worker, askedAt, value: cell.value })
      return cell
    },

    claim(request) {
      note({ type: 'asked', at: clock.now(), worker, request })
      return store.claim(request)
    },
  }
}
