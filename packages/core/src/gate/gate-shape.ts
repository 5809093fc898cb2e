import type { GateOptions } from './options.js'

const parts = {
  rates: ['limit', 'perMs'],
  pauseAfter: ['calls', 'pauseMs'],
  breaker: ['failureThreshold', 'recoveryMs', 'halfOpenMax', 'probeMs'],
  slowAfterBlocked: ['factor', 'least', 'step', 'everyMs'],
} as const
const plain = ['key', 'spacingMs', 'blockedMs', 'blockedMaxMs', 'learnedForMs', 'scope', 'whenStoreFails']
const known = [...plain, 'waitInPlaceMs', ...Object.keys(parts)]

/** What would limit nothing, and say nothing: members that no gate has. */
export function shapeProblems(options: GateOptions): string[] {
  if (typeof (options as { then?: unknown }).then === 'function')
    return ["a gate can't be a promise: let the function return its options at once"]
  const { rates, pauseAfter, breaker, slowAfterBlocked } = options
  return [
    ...strangers('', options, known),
    ...rateProblems(rates),
    ...partProblems('pauseAfter', pauseAfter),
    ...partProblems('breaker', breaker),
    ...partProblems('slowAfterBlocked', slowAfterBlocked),
  ]
}

function rateProblems(rates: unknown): string[] {
  if (rates === undefined) return []
  if (!Array.isArray(rates)) return ['`rates` must be a list']
  return rates.flatMap(rate => (rate ? partProblems('rates', rate) : ['`rates` must hold objects']))
}

/** `false` and `null` switch a part off. */
function partProblems(name: keyof typeof parts, part: unknown): string[] {
  if (!part) return []
  return typeof part === 'object'
    ? strangers(`${name}.`, part, parts[name])
    : [`\`${name}\` must be an object, not ${String(part)}`]
}

function strangers(where: string, options: object, names: readonly string[]): string[] {
  const unknown = Object.keys(options).filter(name => !names.includes(name))
  return unknown.map(name => `\`${where}${name}\` is unknown; there are ${names.join(', ')}`)
}
