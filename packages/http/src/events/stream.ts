import type { Clock } from '@longhaul/core'
import type { FeedEvent, Follow } from './feed.js'
import { frame, heartbeat, retryFrame } from './frame.js'
import { createMailbox, type Mailbox } from './mailbox.js'

export interface StreamOptions<View> {
  /** The name of its events. */
  readonly event: string
  readonly follow: Follow<View>
  readonly clock: Clock
  readonly heartbeatMs: number
  /** Ends after this long, so that a platform does not cut it; the reader connects again. */
  readonly maxMs: number
  /** The id of the last event that the reader has seen: it is not told again. */
  readonly lastId: string | undefined
  idOf(view: View): string
  onClose(): void
}

const reconnectMs = 2_000
const mostQuietBeats = 2

/**
 * The views that are followed, as an event stream. Each says all there is, so of several that a slow reader did not fetch
 * only the latest is kept. A reader that fetches nothing for two heartbeats is cut off.
 */
export function eventStream<View>(options: StreamOptions<View>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const mailbox = createMailbox()
  const over = new AbortController()
  const unfollow = options.follow(letterTo(mailbox, options))

  function letGo(): void {
    if (over.signal.aborted) return
    over.abort()
    mailbox.end()
    unfollow()
    options.onClose()
  }

  return new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(encoder.encode(retryFrame(reconnectMs)))
      void beat(mailbox, options, over.signal).then(stalled => {
        if (stalled && !over.signal.aborted) controller.error(new Error('The reader fetches nothing.'))
        else mailbox.end()
        if (stalled) letGo()
      })
    },

    async pull(controller) {
      const text = await mailbox.take()
      if (text !== undefined) return controller.enqueue(encoder.encode(text))
      if (!over.signal.aborted) controller.close()
      letGo()
    },

    cancel: letGo,
  })
}

/** Tells what is new. */
function letterTo<View>(mailbox: Mailbox, { event, idOf, lastId }: StreamOptions<View>) {
  let known = lastId
  return (message: FeedEvent<View>): void => {
    if (message.type !== 'view') {
      mailbox.end()
      return
    }
    const id = idOf(message.view)
    if (id !== known) mailbox.put(frame(event, id, message.view))
    known = id
  }
}

/** Resolves when the time is over, or with `true` when the reader has stalled. */
async function beat<View>(
  mailbox: Mailbox,
  { clock, heartbeatMs, maxMs }: StreamOptions<View>,
  signal: AbortSignal,
): Promise<boolean> {
  const until = clock.now() + maxMs
  let quiet = 0
  while (!signal.aborted && clock.now() < until) {
    const ms = Math.min(heartbeatMs, until - clock.now())
    await clock.sleep(ms, { signal, background: true, unref: true })
    quiet = mailbox.isEmpty() ? 0 : quiet + 1
    if (quiet >= mostQuietBeats) return true
    if (mailbox.isEmpty()) mailbox.put(heartbeat)
  }
  return false
}
