import { fromStorable, toStorable } from '@longhaul/core/store'

/** How a row has a text: not at all, in itself, or elsewhere, because it is long. */
export type Flag = '-' | '=' | '+'

/** A row is written whole at every change, so what is longer stands beside it. */
const longestInRow = 300

export interface StoredText {
  readonly flag: Flag
  readonly value: string
}

const nothing: StoredText = { flag: '-', value: '' }

export function storedText(text: string | null): StoredText {
  if (text === null) return nothing
  const value = toStorable(text)
  return { flag: value.length > longestInRow ? '+' : '=', value }
}

/** @param elsewhere The next of the long texts that came beside the rows. */
export function shownText(flag: string, inRow: string | undefined, elsewhere: () => string): string | null {
  if (flag === '-') return null
  return fromStorable(flag === '+' ? elsewhere() : (inRow as string))
}
