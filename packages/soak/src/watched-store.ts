import type { ClaimRequest, Committed, Job, Store, Write } from '@longhaul/core/store'
import type { Ledger } from './ledger.js'

/** A store whose claims and commits are in the ledger before its worker learns of them. */
export function watchedStore(store: Store, ledger: Ledger, slowMs: number): Store {
  const firstSent = new Map<string, number>()

  async function claim(request: ClaimRequest): Promise<readonly Job[]> {
    const sentAt = Date.now()
    const jobs = await noteSlow(store.claim(request), sentAt)
    for (const { id, token, cursor } of jobs) ledger({ type: 'claim', job: id, token, sentAt, cursor })
    if (jobs.length < request.limit) ledger({ type: 'free' })
    return jobs
  }

  async function commit(writes: readonly Write[]): Promise<readonly Committed[]> {
    const sentAt = Date.now()
    const sent = writes.map(write => firstSent.get(nameOf(write)) ?? sentAt)
    try {
      const answers = await noteSlow(store.commit(writes), sentAt)
      for (const [index, write] of writes.entries()) noteAnswer(write, sent[index] as number, answers[index])
      return answers
    } catch (error) {
      for (const [index, write] of writes.entries()) noteFailure(write, sent[index] as number)
      throw error
    }
  }

  async function noteSlow<Result>(call: Promise<Result>, sentAt: number): Promise<Result> {
    try {
      return await call
    } finally {
      const ms = Date.now() - sentAt
      if (ms > slowMs) ledger({ type: 'stall', of: 'store', ms })
    }
  }

  function noteAnswer(write: Write, sentAt: number, answer: Committed | undefined) {
    firstSent.delete(nameOf(write))
    ledger({
      ...writeEntry(write, sentAt),
      answer: answer?.accepted ? 'accepted' : 'refused',
      storedToken: answer?.job?.token ?? null,
    })
  }

  function noteFailure(write: Write, sentAt: number) {
    firstSent.set(nameOf(write), sentAt)
    ledger({ ...writeEntry(write, sentAt), answer: 'unknown', storedToken: null })
  }

  return { ...store, claim, commit }
}

function nameOf({ id, token, seq }: Write): string {
  return `${id}:${token}:${seq}`
}

function writeEntry({ id, token, seq, patch: { cursor, state } }: Write, sentAt: number) {
  return {
    type: 'commit' as const,
    job: id,
    token,
    seq,
    sentAt,
    ...(cursor === undefined ? {} : { cursor }),
    ...(state === undefined ? {} : { state }),
  }
}
