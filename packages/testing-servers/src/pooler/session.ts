import type { Socket } from 'node:net'
import type { Backend, BackendPool } from './backends.js'
import { askingFor, letterOf, MessageStream, refusal, welcome } from './messages.js'

/** Query, Sync and FunctionCall: the server answers each with one ReadyForQuery. */
const endsARequest = new Set(['Q', 'S', 'F'])
/** CopyData, CopyDone and CopyFail belong to the query before them. */
const continuesARequest = new Set(['d', 'c', 'f'])

/** One client of the pooler. It holds a backend from a transaction's first message to its end, and no longer. */
export class Session {
  readonly #client: Socket
  readonly #pool: BackendPool
  readonly #fromClient = new MessageStream()
  #fromBackend = new MessageStream()
  #welcomed = false
  #busy = false
  #backend: Backend | undefined
  #last: Backend | undefined
  /** Requests that the server hasn't answered. */
  #unanswered = 0
  /** Whether a request has begun whose Sync has yet to come. */
  #unfinished = false

  constructor(client: Socket, pool: BackendPool) {
    this.#client = client
    this.#pool = pool
    client.on('data', chunk => this.#receive(chunk))
    client.on('error', () => {})
    client.on('close', () => this.#leave())
  }

  #receive(chunk: Buffer): void {
    this.#fromClient.push(chunk)
    if (!this.#busy) this.#work().catch(error => this.#client.end(refusal(String(error))))
  }

  async #work(): Promise<void> {
    this.#busy = true
    for (let message = this.#next(); message; message = this.#next()) {
      if (this.#welcomed) await this.#pass(message)
      else await this.#greet(message)
    }
    this.#busy = false
  }

  #next(): Buffer | undefined {
    return this.#client.destroyed ? undefined : this.#fromClient.next(this.#welcomed)
  }

  /** Everyone is let in. Settings of the login, such as `options`, are left out, as poolers do. */
  async #greet(message: Buffer): Promise<void> {
    const wish = askingFor(message)
    if (wish === 'encryption') this.#client.write('N')
    if (wish === 'cancel') this.#client.destroy()
    if (wish !== 'login') return
    const backend = await this.#pool.borrow()
    this.#pool.giveBack(backend)
    this.#welcomed = true
    this.#client.write(welcome(backend.parameters))
  }

  async #pass(message: Buffer): Promise<void> {
    const letter = letterOf(message)
    if (letter === 'X') return void this.#client.end()
    this.#backend ??= await this.#borrow()
    if (this.#client.destroyed) return this.#leave()
    if (endsARequest.has(letter)) this.#unanswered++
    if (!continuesARequest.has(letter)) this.#unfinished = !endsARequest.has(letter)
    this.#backend.socket.write(message)
  }

  async #borrow(): Promise<Backend> {
    const backend = await this.#pool.borrow(this.#last)
    this.#fromBackend = new MessageStream()
    backend.socket.on('data', this.#answer).on('close', this.#backendGone)
    return backend
  }

  #answer = (chunk: Buffer): void => {
    this.#client.write(chunk)
    this.#fromBackend.push(chunk)
    for (let message = this.#fromBackend.next(true); message; message = this.#fromBackend.next(true)) {
      if (letterOf(message) === 'Z') this.#answered(String.fromCharCode(message[5] ?? 0))
    }
  }

  /** `status` is I outside of a transaction, T in one, E in one that failed. */
  #answered(status: string): void {
    this.#unanswered--
    if (status !== 'I' || this.#unanswered > 0 || this.#unfinished) return
    const backend = this.#release()
    if (backend) this.#pool.giveBack(backend)
  }

  #release(): Backend | undefined {
    const backend = this.#backend
    backend?.socket.off('data', this.#answer).off('close', this.#backendGone)
    this.#last = backend
    this.#backend = undefined
    return backend
  }

  #backendGone = (): void => void this.#client.destroy()

  /** A transaction that its client walked away from dies with its backend. */
  #leave(): void {
    const backend = this.#release()
    if (backend) this.#pool.discard(backend)
  }
}
