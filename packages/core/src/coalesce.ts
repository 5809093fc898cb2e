import { nextTurn } from './clock.js'

interface Waiting<Item, Reply> {
  readonly item: Item
  resolve(reply: Reply): void
  reject(error: unknown): void
}

const mostAtOnce = 500

/**
 * Sends items one by one for those who ask, and many at a time for those who answer: whatever comes in during one
 * turn of the event loop, or while the last batch is under way, goes out together with the next one. What is
 * acknowledged is as durable as if it had gone alone.
 *
 * @param send Answers each item, in order. When it fails, all of its items fail.
 */
export function coalesce<Item, Reply>(
  send: (items: readonly Item[]) => Promise<readonly Reply[]>,
): (item: Item) => Promise<Reply> {
  const waiting: Waiting<Item, Reply>[] = []
  let sending = false

  async function flush() {
    sending = true
    await nextTurn()
    while (waiting.length > 0) await sendAll(send, waiting.splice(0, mostAtOnce))
    sending = false
  }

  return item =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (!sending) void flush()
    })
}

async function sendAll<Item, Reply>(
  send: (items: readonly Item[]) => Promise<readonly Reply[]>,
  batch: readonly Waiting<Item, Reply>[],
): Promise<void> {
  try {
    const replies = await send(batch.map(({ item }) => item))
    batch.forEach(({ resolve }, index) => {
      resolve(replies[index] as Reply)
    })
  } catch (error) {
    for (const { reject } of batch) reject(error)
  }
}
