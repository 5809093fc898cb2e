const mark = '\u0001'

/**
 * A string that databases which keep valid UTF-8 without NUL can hold, and {@link fromStorable} turns back.
 * Nearly every string stays itself; one with a NUL or a lone surrogate becomes a mark and its JSON.
 */
export function toStorable(text: string): string {
  const plain = text.isWellFormed() && !text.includes('\0') && !text.startsWith(mark)
  return plain ? text : mark + JSON.stringify(text)
}

/** The string that {@link toStorable} was given. */
export function fromStorable(text: string): string {
  return text.startsWith(mark) ? (JSON.parse(text.slice(1)) as string) : text
}
