import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs'

/** What was asked of the API, over all starts of a run: `calls` = `records` + `retries` + `repeats`. */
export interface CallTally {
  readonly calls: number
  /** Records that were asked for, each counted once. */
  readonly records: number
  /** Calls for a record whose last call had come to nothing. */
  readonly retries: number
  /** Calls for a record that had been answered well: work that was done, and not yet saved, when a run was cut off. */
  readonly repeats: number
  /** How many calls came to nothing, by how. */
  readonly troubles: ReadonlyMap<string, number>
}

export interface CallLedger {
  /** The platform's, but each call is written down. */
  readonly fetch: typeof globalThis.fetch
  tally(): CallTally
  clear(): void
}

/** A line for each call, `5XK0E2 200`: written at once, so that it outlives a kill. The API token is not in it. */
export function openCallLedger(file: string): CallLedger {
  function note(uuid: string, answer: string) {
    appendFileSync(file, `${uuid} ${answer}\n`)
  }

  return {
    async fetch(input, init) {
      const uuid = /\/job\/get\/([^/]+)/.exec(String(input))?.[1] ?? '-'
      try {
        const response = await fetch(input, init)
        note(uuid, String(response.status))
        return response
      } catch (error) {
        if (!init?.signal?.aborted) note(uuid, 'cut')
        throw error
      }
    },
    tally: () => tallyOf(existsSync(file) ? readFileSync(file, 'utf8') : ''),
    clear: () => rmSync(file, { force: true }),
  }
}

/** Pure. Lines that are no calls, such as one that was cut off by a power cut, are left out. */
export function tallyOf(lines: string): CallTally {
  const calls = [...lines.matchAll(/^(\S+) (\S+)$/gm)].map(([, uuid = '', answer = '']) => ({ uuid, answer }))
  const answers = new Map<string, string>()
  const troubles = new Map<string, number>()
  const sums = { retries: 0, repeats: 0 }
  for (const { uuid, answer } of calls) {
    const before = answers.get(uuid)
    if (before !== undefined) sums[isTrouble(before) ? 'retries' : 'repeats']++
    if (isTrouble(answer)) troubles.set(answer, (troubles.get(answer) ?? 0) + 1)
    answers.set(uuid, answer)
  }
  return { calls: calls.length, records: answers.size, ...sums, troubles }
}

function isTrouble(answer: string): boolean {
  return answer === 'cut' || answer === '429' || answer.startsWith('5')
}
