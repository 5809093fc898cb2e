import type { Clock } from '../clock.js'
import { LonghaulError } from '../store/index.js'
import type { Notify } from './events.js'

export interface HeartbeatDeps {
  readonly clock: Clock
  readonly leaseMs: number
  readonly notify: Notify
  /** Renews every lease there is. */
  beat(everyMs: number): Promise<unknown>
}

/** Renews leases well before they end, and says so when this process could not because its event loop stood still. */
export async function keepAlive({ clock, leaseMs, notify, beat }: HeartbeatDeps, signal: AbortSignal) {
  const everyMs = Math.min(2_000, leaseMs / 3)
  while (!signal.aborted) {
    const sleptAt = clock.now()
    await clock.sleep(everyMs, { signal, background: true, unref: true })
    const lateMs = clock.now() - sleptAt - everyMs
    if (!signal.aborted) notify({ type: 'beat', lateMs: Math.max(0, lateMs) })
    if (lateMs > leaseMs - everyMs) notify({ type: 'error', error: blocked(lateMs, leaseMs) })
    await beat(everyMs)
  }
}

function blocked(lateMs: number, leaseMs: number): LonghaulError {
  const message = `The event loop of this process stood still for ${Math.round(lateMs)} ms, longer than a lease (${leaseMs} ms): other workers may have taken its jobs. Split up what computes for so long, or move it to a worker thread.`
  return new LonghaulError('event_loop_blocked', message)
}
