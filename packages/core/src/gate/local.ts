import pThrottle from 'p-throttle'
import { systemClock } from '../clock.js'
import { type Gate, Throttled } from './gate.js'
import { type GateTools, gateOver, type KeptGate } from './gate-over.js'
import { gateRules } from './gate-rules.js'
import { memoryKeeper } from './keeper.js'
import type { GateOptions, GateRules, Rate } from './options.js'

/**
 * A limit of this process alone: no round trip, and nobody else knows of it. One short window is p-throttle's;
 * all else, and any clock but the system's, is under the same rules as a shared gate.
 *
 * @throws {LonghaulError} `invalid_gate`.
 */
export function localGate(options: GateOptions, tools: GateTools): Gate {
  return openLocalGate(options, tools)
}

export function openLocalGate(options: GateOptions, tools: GateTools): KeptGate {
  const rules = gateRules(options)
  const rate = tools.clock === systemClock ? onlyWindow(rules) : undefined
  if (!rate) return gateOver(memoryKeeper(tools.clock), rules, tools)
  return windowGate(rules, rate, gateOver(memoryKeeper(tools.clock), { ...rules, rates: [] }, tools), tools)
}

/** The rate, if a caller can sit out its whole window and nothing else spaces calls. */
function onlyWindow({
  rates,
  spacingMs,
  pauseAfter,
  slowAfterBlocked,
  waitInPlaceMs,
}: GateRules): Rate | undefined {
  const [rate] = rates
  const more = rates.length > 1 || spacingMs > 0 || pauseAfter || slowAfterBlocked
  return rate && !more && rate.perMs <= waitInPlaceMs ? rate : undefined
}

/** p-throttle keeps the window; `rest` keeps what answers said (blocked until, breaker, lower limits). */
function windowGate(
  { key, waitInPlaceMs }: GateRules,
  { limit, perMs }: Rate,
  rest: KeptGate,
  { clock }: GateTools,
): KeptGate {
  const turn = pThrottle({ limit, interval: perMs, strict: true })(async () => undefined)
  let last = Number.NEGATIVE_INFINITY

  return {
    ...rest,
    isAtRest: now => rest.isAtRest(now) && turn.queueSize === 0 && last + perMs <= now,

    async pass(signal) {
      do {
        await rest.pass(signal)
        const mostWaitMs = Math.ceil((turn.queueSize + 1) / limit) * perMs
        if (mostWaitMs > waitInPlaceMs) throw new Throttled(key, mostWaitMs)
        await orAborted(turn(), signal)
        last = clock.now()
      } while (!signal?.aborted && rest.isCalledOff(last))
      signal?.throwIfAborted()
    },
  }
}

/** A caller that gives up leaves its turn unused. */
async function orAborted(turn: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  const over = new AbortController()
  const aborted = new Promise<void>(resolve => {
    signal?.addEventListener('abort', () => resolve(), { signal: over.signal })
  })
  await Promise.race([turn, aborted]).finally(() => over.abort())
}
