import type { WorkizRecord } from './types.js'

/** What an answer says once its wrapping is off. `items` is empty where `data` was `null` or an empty list. */
export type Opened =
  | {
      readonly kind: 'items'
      readonly items: readonly unknown[]
      /** Workiz itself called the answer a success: only then does an empty one mean "nothing there". */
      readonly flagged: boolean
      readonly hasMore?: boolean
      readonly found?: number
    }
  | { readonly kind: 'refused'; readonly message: string }
  | { readonly kind: 'unknown' }

/**
 * Takes off any of the three wrappings that the API is known to use: `{ flag, data: [item] }`,
 * `[{ flag, data: item }]`, and a bare list (or `{ data: [item] }`) of items.
 */
export function open(body: unknown): Opened {
  if (Array.isArray(body)) return openList(body)
  return isRecord(body) ? openRecord(body) : { kind: 'unknown' }
}

function openList(body: readonly unknown[]): Opened {
  const wrapped = body.length > 0 && body.every(item => isRecord(item) && 'flag' in item)
  if (!wrapped) return { kind: 'items', items: body, flagged: false }
  const parts = body.map(item => openRecord(item as WorkizRecord))
  const broken = parts.find(part => part.kind !== 'items')
  const items = parts.flatMap(part => (part.kind === 'items' ? part.items : []))
  return broken ?? { kind: 'items', items, flagged: true }
}

function openRecord(body: WorkizRecord): Opened {
  if (body.flag === false || body.error) return { kind: 'refused', message: messageOf(body) }
  if (!('data' in body) || (body.flag !== true && body.flag !== undefined)) return { kind: 'unknown' }
  return {
    kind: 'items',
    items: Array.isArray(body.data) ? body.data : body.data === null ? [] : [body.data],
    flagged: body.flag === true,
    ...(typeof body.has_more === 'boolean' && { hasMore: body.has_more }),
    ...(typeof body.found === 'number' && { found: body.found }),
  }
}

function messageOf({ msg, message, error }: WorkizRecord): string {
  const text = [msg, message, error].find(value => typeof value === 'string')
  return text === undefined ? 'no reason given' : String(text).slice(0, 200)
}

export function isRecord(value: unknown): value is WorkizRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
