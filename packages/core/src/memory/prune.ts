import type { Job, RetentionRule } from '../store/index.js'
import type { Tables } from './tables.js'

export function prune(tables: Tables, rule: RetentionRule, now: number): number {
  const chunk = []
  for (const entry of tables.ended) {
    if (chunk.length >= rule.limit || !isOldEnough(entry.job, rule, now)) break
    if (isNamed(entry.job, rule)) chunk.push(entry)
  }
  for (const entry of chunk) tables.remove(entry)
  return chunk.length
}

function isOldEnough({ endedAt }: Job, { olderThanMs }: RetentionRule, now: number) {
  return endedAt !== null && endedAt + olderThanMs <= now
}

function isNamed({ state, processor }: Job, { states, processors }: RetentionRule) {
  return (states as readonly string[]).includes(state) && (processors?.includes(processor) ?? true)
}
