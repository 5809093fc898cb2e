import type { Job, RetentionRule } from '../store/index.js'
import { isEnded } from '../store/index.js'
import { isAwaited } from './release.js'
import type { Entry, Tables } from './tables.js'

export function prune(tables: Tables, rule: RetentionRule, now: number): number {
  const old = tables.oldestFirst.filter(entry => isOld(entry.job, rule, now) && !isAwaited(tables, entry))
  const chunk = old.sort(byEnd).slice(0, rule.limit)
  for (const entry of chunk) tables.remove(entry)
  return chunk.length
}

function isOld(job: Job, rule: RetentionRule, now: number) {
  return isNamed(job, rule) && endOf(job) + rule.olderThanMs <= now
}

function isNamed({ state, processor }: Job, { states, processors }: RetentionRule) {
  const isAsked = (states as readonly Job['state'][]).includes(state) && isEnded(state)
  return isAsked && (processors?.includes(processor) ?? true)
}

function byEnd(a: Entry, b: Entry) {
  return endOf(a.job) - endOf(b.job)
}

function endOf({ endedAt }: Job) {
  return endedAt ?? Number.POSITIVE_INFINITY
}
