import type { Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Faults } from './faults.js'

/** Bytes, the sender's orderly end, or its reset; and by how much chance delays it, from 0 to 1. */
interface Item {
  readonly what: Buffer | 'end' | 'reset'
  readonly sentAt: number
  readonly chance: number
}

const longestTimerMs = 2 ** 31 - 1

/** One way of a connection: what `from` sends arrives at `to`, in order, as far as the faults let it. */
export class Pipe {
  readonly #from: Socket
  readonly #to: Socket
  readonly #random: () => number
  readonly #passed: (bytes: Buffer) => void
  #faults: Faults = {}
  #changed = new AbortController()
  #queue: Item[] = []
  #draining = false
  #closed = false
  #passedBytes = 0
  #nextDripAt = 0

  /** Calls `passed` with what has just been sent on. */
  constructor(from: Socket, to: Socket, random: () => number, passed: (bytes: Buffer) => void = () => {}) {
    this.#from = from
    this.#to = to
    this.#random = random
    this.#passed = passed
    from.on('data', bytes => this.#enqueue(bytes))
    from.once('end', () => this.#enqueue('end'))
    from.once('close', hadError => hadError && this.#enqueue('reset'))
  }

  apply(faults: Faults): void {
    this.#faults = faults
    this.#passedBytes = 0
    this.#wake()
  }

  /** Nothing more arrives, whatever comes. */
  close(): void {
    this.#closed = true
    this.#queue = []
    this.#wake()
  }

  #wake(): void {
    this.#changed.abort()
    this.#changed = new AbortController()
  }

  #enqueue(what: Item['what']): void {
    if (this.#closed) return
    this.#queue.push({ what, sentAt: performance.now(), chance: this.#random() })
    if (!this.#draining) void this.#drain()
  }

  async #drain(): Promise<void> {
    this.#draining = true
    for (let item = this.#queue[0]; item; item = this.#queue[0]) {
      const waitMs = this.#waitMs(item)
      if (waitMs <= 0) this.#arrive(item)
      else await this.#pause(waitMs)
    }
    this.#draining = false
  }

  #waitMs({ sentAt, chance }: Item): number {
    const { drop, delayMs = 0, jitterMs = 0, drip } = this.#faults
    if (drop) return longestTimerMs
    const arrivesAt = sentAt + delayMs + chance * jitterMs
    return Math.max(arrivesAt, drip ? this.#nextDripAt : 0) - performance.now()
  }

  /** Over at once when the faults change. */
  async #pause(waitMs: number): Promise<void> {
    await sleep(waitMs, undefined, { signal: this.#changed.signal }).catch(() => {})
  }

  #arrive({ what, ...rest }: Item): void {
    this.#queue.shift()
    if (what === 'end') return void this.#to.end()
    if (what === 'reset') return void this.#to.resetAndDestroy()
    const [now, later] = split(what, Math.min(this.#dripBytes(), this.#untilCut(what)))
    this.#write(now)
    if (this.#isCut(what)) this.#cut()
    else if (later.length > 0) this.#queue.unshift({ what: later, ...rest })
  }

  #dripBytes(): number {
    const { drip } = this.#faults
    if (!drip) return Number.POSITIVE_INFINITY
    this.#nextDripAt = performance.now() + drip.everyMs
    return drip.bytes
  }

  /** How many bytes may still arrive. */
  #untilCut(bytes: Buffer): number {
    const { cutAfterBytes = Number.POSITIVE_INFINITY, cutBefore } = this.#faults
    if (cutBefore !== undefined && bytes.includes(cutBefore)) return 0
    return cutAfterBytes - this.#passedBytes
  }

  #isCut(bytes: Buffer): boolean {
    const { cutBefore, cutBehind } = this.#faults
    const seen = (text?: string) => text !== undefined && bytes.includes(text)
    return this.#untilCut(bytes) <= 0 || seen(cutBefore) || seen(cutBehind)
  }

  #write(bytes: Buffer): void {
    this.#passedBytes += bytes.length
    if (bytes.length === 0 || !this.#to.writable) return
    this.#to.write(bytes)
    this.#passed(bytes)
  }

  #cut(): void {
    this.close()
    this.#to.destroySoon()
    this.#from.resetAndDestroy()
  }
}

const split = (bytes: Buffer, at: number): [Buffer, Buffer] => [bytes.subarray(0, at), bytes.subarray(at)]
