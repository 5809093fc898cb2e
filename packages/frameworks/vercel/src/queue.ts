import type { HandOver } from '@longhaul/http'

/** `send` of `@vercel/queue`, as far as it is used. */
export type SendToQueue = (
  topic: string,
  payload: unknown,
  options: { idempotencyKey: string; retentionSeconds: number },
) => Promise<unknown>

/** A lost message is no loss: cron finds the work. */
const retentionSeconds = 600

/**
 * Hands over through a Vercel queue instead of a call: the queue tries again where a call would be lost. Its consumer calls
 * `runner.work({ budgetMs })`.
 */
export function queueHandOver(send: SendToQueue, topic = 'longhaul'): HandOver {
  return async ({ id, depth }) => {
    await send(topic, { depth }, { idempotencyKey: id, retentionSeconds })
  }
}
