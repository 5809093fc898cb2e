/** One event as text, as the HTML standard defines `text/event-stream`. JSON holds no line break. */
export function frame(event: string, id: string, data: unknown): string {
  return `event: ${event}\nid: ${id}\ndata: ${JSON.stringify(data)}\n\n`
}

/** How long a browser waits before it connects again. */
export function retryFrame(ms: number): string {
  return `retry: ${ms}\n\n`
}

/** Says nothing, so that whoever is between keeps the connection, and a dead one is noticed. */
export const heartbeat = ': \n\n'
