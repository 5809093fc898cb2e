// Framing of PostgreSQL's protocol 3.0: https://www.postgresql.org/docs/current/protocol-message-formats.html

/** Cuts a stream into messages. */
export class MessageStream {
  #bytes = Buffer.alloc(0)

  push(chunk: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, chunk])
  }

  /** The next message, if all of it has come. Those before the login have no letter before their length. */
  next(lettered: boolean): Buffer | undefined {
    const start = lettered ? 1 : 0
    if (this.#bytes.length < start + 4) return undefined
    const end = start + this.#bytes.readInt32BE(start)
    if (this.#bytes.length < end) return undefined
    const message = this.#bytes.subarray(0, end)
    this.#bytes = this.#bytes.subarray(end)
    return message
  }
}

/** Its first letter, which says what it is. */
export const letterOf = (message: Buffer) => String.fromCharCode(message[0] ?? 0)

/** What a client that doesn't log in wants, by the number that stands where the version would. */
export const askingFor = (message: Buffer): 'encryption' | 'cancel' | 'login' => {
  const code = message.readInt32BE(4)
  if (code === 80_877_103 || code === 80_877_104) return 'encryption'
  return code === 80_877_102 ? 'cancel' : 'login'
}

/** The answer to a client that may come in: who we are, and that it may ask. */
export function welcome(parameters: ReadonlyMap<string, string>): Buffer {
  const statuses = [...parameters].map(([name, value]) => message('S', text(name), text(value)))
  const authenticated = message('R', int32(0))
  const cancelKey = message('K', int32(process.pid), int32(0))
  return Buffer.concat([authenticated, ...statuses, cancelKey, message('Z', Buffer.from('I'))])
}

/** The last that a client hears when there is no backend for it. */
export function refusal(reason: string): Buffer {
  return message('E', text('SFATAL'), text('VFATAL'), text('C08006'), text(`M${reason}`), Buffer.from([0]))
}

function message(letter: string, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts)
  return Buffer.concat([Buffer.from(letter), int32(body.length + 4), body])
}

const text = (value: string) => Buffer.from(`${value}\0`)

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}
