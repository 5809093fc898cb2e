import type { Cell, Store } from '../store/index.js'
import { type SwapLoopDeps, swapLoop } from '../swap-loop.js'
import type { KeptSchedule } from './kept.js'

/** What the store remembers of one schedule. */
export interface Entry {
  /** Each slot up to here has its job, or was passed over. */
  readonly decided: number
  /** The timing that this was decided by. */
  readonly timing: string
  /** The last slot that got a job. */
  readonly lastSlot?: number
  readonly paused?: boolean
  /** Of a schedule that was made at run time. */
  readonly definition?: KeptSchedule
}

/** All schedules of a store, by name. They share a cell, so that one read tells what is due. */
export type Book = ReadonlyMap<string, Entry>

const name = 'schedules'

export function readCell(cells: Pick<Store, 'cell'>): Promise<Cell> {
  return cells.cell(name)
}

export function readBook({ value }: Cell): Book {
  return new Map(value === null ? [] : Object.entries(JSON.parse(value) as Record<string, Entry>))
}

/** `edit` may be called more than once; the last call counts. The same book means no change. */
export function editBook(deps: SwapLoopDeps, edit: (book: Book, now: number) => Book): Promise<Cell> {
  return swapLoop(deps, name, cell => {
    const book = readBook(cell)
    const next = edit(book, cell.now)
    return next === book ? undefined : bookText(next)
  })
}

export function bookText(book: Book): string {
  return JSON.stringify(Object.fromEntries(withoutForgotten(book)))
}

const mostLeftBehind = 1_000

/** Code that names its schedules anew at each deploy leaves entries behind. Of those the newest are kept. */
function withoutForgotten(book: Book): Book {
  const leftBehind = [...book].filter(([, { definition, paused }]) => !definition && !paused)
  if (leftBehind.length <= mostLeftBehind) return book
  const oldestFirst = leftBehind.sort(([, one], [, other]) => one.decided - other.decided)
  const forgotten = new Set(oldestFirst.slice(0, -mostLeftBehind).map(([name]) => name))
  return new Map([...book].filter(([name]) => !forgotten.has(name)))
}
