import type { EventEmitter } from 'node:events'
import type { Socket } from 'node:net'
import pg from 'pg'

/** A logged-in connection to the server, and what the server said of itself. */
export interface Backend {
  readonly socket: Socket
  readonly parameters: ReadonlyMap<string, string>
}

/** `pg` logs in, by whatever way the server asks for; after that the connection's socket is ours. */
export async function openBackend(url: string): Promise<Backend> {
  const client = new pg.Client({ connectionString: url })
  const { connection } = client as unknown as { connection: EventEmitter & { stream: Socket } }
  const parameters = new Map<string, string>()
  connection.on('parameterStatus', ({ parameterName, parameterValue }) =>
    parameters.set(parameterName, parameterValue),
  )
  client.on('error', () => {})
  await client.connect()
  connection.stream.removeAllListeners('data')
  connection.stream.resume()
  return { socket: connection.stream, parameters }
}

/** Up to `size` backends, each lent to one client at a time. */
export class BackendPool {
  readonly #url: string
  readonly #size: number
  readonly #all = new Set<Backend>()
  #opening = 0
  #closed = false
  #free: Backend[] = []
  #waiting: ((backend: Promise<Backend>) => void)[] = []

  constructor(url: string, size: number) {
    this.#url = url
    this.#size = size
  }

  /** Another than `last` whenever one is to be had; otherwise that one, or the first to come back. */
  async borrow(last?: Backend): Promise<Backend> {
    const other = this.#free.find(backend => backend !== last)
    if (other) return this.#take(other)
    if (this.#all.size + this.#opening < this.#size) return this.#open()
    const any = this.#free[0]
    if (any) return this.#take(any)
    return new Promise(resolve => this.#waiting.push(resolve))
  }

  giveBack(backend: Backend): void {
    if (!this.#all.has(backend)) return
    const next = this.#waiting.shift()
    if (next) next(Promise.resolve(backend))
    else this.#free.push(backend)
  }

  /** Ends it, and with it the transaction that it may be in. */
  discard(backend: Backend): void {
    backend.socket.destroy()
    if (!this.#all.delete(backend)) return
    this.#free = this.#free.filter(each => each !== backend)
    this.#waiting.shift()?.(this.#open())
  }

  close(): void {
    this.#closed = true
    this.#waiting = []
    for (const backend of this.#all) this.discard(backend)
  }

  #take(backend: Backend): Backend {
    this.#free = this.#free.filter(each => each !== backend)
    return backend
  }

  async #open(): Promise<Backend> {
    this.#opening++
    try {
      const backend = await openBackend(this.#url)
      if (this.#closed) backend.socket.destroy()
      this.#all.add(backend)
      backend.socket.once('close', () => this.discard(backend))
      return backend
    } finally {
      this.#opening--
    }
  }
}
