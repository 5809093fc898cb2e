import pThrottle from 'p-throttle'
import { systemClock } from '../clock.js'
import { type Gate, Throttled } from './gate.js'
import { attentive, type GateKeeper, type GateTools, gateOver } from './gate-over.js'
import { type GateOptions, type GateRules, gateRules, type Rate } from './options.js'
import { freshGate } from './rules.js'

/**
 * A limit of this process alone: no round trip, and nobody else knows of it. One short window is p-throttle's;
 * all else, and any clock but the system's, is under the same rules as a shared gate.
 *
 * @throws {LonghaulError} `invalid_gate`.
 */
export function localGate(options: GateOptions, tools: GateTools): Gate {
  const rules = gateRules(options)
  const rate = tools.clock === systemClock ? onlyWindow(rules) : undefined
  if (!rate) return gateOver(memoryKeeper(tools), rules, tools)
  return windowGate(rules, rate, gateOver(memoryKeeper(tools), { ...rules, rates: [] }, tools))
}

function memoryKeeper({ clock }: GateTools): GateKeeper {
  let state = freshGate
  return {
    seen: () => state,
    async edit(edit) {
      const now = clock.now()
      state = edit(state, now)
      return now
    },
  }
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

/** p-throttle keeps the window; `rest` keeps what answers said (blocked until, breaker). */
function windowGate({ key, waitInPlaceMs }: GateRules, { limit, perMs }: Rate, rest: Gate): Gate {
  const turn = pThrottle({ limit, interval: perMs, strict: true })(async () => undefined)

  return attentive({
    key,
    async pass(signal) {
      await rest.pass(signal)
      const mostWaitMs = Math.ceil((turn.queueSize + 1) / limit) * perMs
      if (mostWaitMs > waitInPlaceMs) throw new Throttled(key, mostWaitMs)
      await orAborted(turn(), signal)
    },
    report: outcome => rest.report(outcome),
  })
}

/** A caller that gives up leaves its turn unused. */
async function orAborted(turn: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  const over = new AbortController()
  const aborted = new Promise<void>(resolve => {
    signal?.addEventListener('abort', () => resolve(), { signal: over.signal })
  })
  await Promise.race([turn, aborted]).finally(() => over.abort())
}
