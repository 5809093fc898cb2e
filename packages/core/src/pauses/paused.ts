import type { ClaimRequest } from '../store/index.js'

/** What nobody may claim from: names. */
export interface Paused {
  readonly processors: readonly string[]
  readonly queues: readonly string[]
}

export const nonePaused: Paused = { processors: [], queues: [] }

/** What a worker asks for. */
export type Wanted = Pick<ClaimRequest, 'processors' | 'queues' | 'exceptQueues'>

/** Pure: what is left of that; `undefined` when nothing is. */
export function without(wanted: Wanted, paused: Paused): Wanted | undefined {
  if (paused.processors.length + paused.queues.length === 0) return wanted
  const { processors, queues, exceptQueues = [] } = wanted
  const left = processors.filter(name => !paused.processors.includes(name))
  const from = queues?.filter(name => !paused.queues.includes(name))
  if (left.length === 0 || from?.length === 0) return undefined
  if (from) return { processors: left, queues: from }
  const others = [...exceptQueues, ...paused.queues]
  return others.length === 0 ? { processors: left } : { processors: left, exceptQueues: others }
}
