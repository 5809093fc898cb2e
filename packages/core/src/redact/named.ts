import { countsTokens } from './names.js'
import { mask } from './shapes.js'

/** A part of a text: from its first character up to, but not including, `end`. */
interface Span {
  readonly start: number
  readonly end: number
}

/** From the end of a name to its value: `": "`, `=`, ` => `, as in JSON, in JSON within JSON, in a query or in code. */
const separator = /^[\w-]{0,32}(?:\\{0,7}["'`])?\]?[ \t]{0,8}(?:=>|[:=]{1,3})[ \t]{0,8}/
/** From the name of a command's option to its value. */
const space = /^[\w-]{0,32}[ \t]{1,8}(?=[^\s-])/
const longestSeparator = 72

/** Masks the values that stand behind a secret name, also where that name was itself taken for a value. */
export function maskNamed(text: string, names: RegExp): string {
  let masked = ''
  let from = 0
  for (const { index, 0: word } of text.matchAll(names)) {
    const value = valueBehind(text, { start: index, end: index + word.length }, from)
    if (!value) continue
    masked += text.slice(from, value.start) + mask
    from = value.end
  }
  return masked + text.slice(from)
}

/** @param from What stands before is masked already. */
function valueBehind(text: string, name: Span, from: number): Span | undefined {
  const behind = text.slice(name.end, name.end + longestSeparator)
  const found = separator.exec(behind) ?? (isOption(text, name) ? space.exec(behind) : null)
  const start = name.end + (found?.[0].length ?? 0)
  if (!found || start < from) return undefined
  const value = quoted(text, start) ?? bracketed(text, start) ?? bare(text, start, name)
  return value.end > value.start ? value : undefined
}

/** Whether the name is one of `--password`. */
function isOption(text: string, { start }: Span): boolean {
  return /--[\w-]{0,32}$/.test(text.slice(Math.max(0, start - 34), start))
}

/** What stands between quotes, escaped or not; up to the end where they are never closed. */
function quoted(text: string, start: number): Span | undefined {
  const [opening] = /^\\{0,7}["'`]/.exec(text.slice(start, start + 8)) ?? []
  if (opening === undefined) return undefined
  const quote = opening.at(-1) as string
  const inner = start + opening.length
  for (let at = text.indexOf(quote, inner); at >= 0; at = text.indexOf(quote, at + 1)) {
    const backslashes = backslashesBefore(text, at, inner)
    if (closes(backslashes, opening.length - 1))
      return { start: inner, end: at - Math.min(backslashes, opening.length - 1) }
  }
  return { start: inner, end: text.length }
}

/** A quote within the value has more backslashes before it than the one that opened it; pairs of them are text. */
function closes(backslashes: number, opening: number): boolean {
  return opening === 0 ? backslashes % 2 === 0 : backslashes <= opening
}

function backslashesBefore(text: string, at: number, least: number): number {
  let first = at
  while (first > least && text[first - 1] === '\\') first--
  return at - first
}

/** A list or an object, whole. */
function bracketed(text: string, start: number): Span | undefined {
  const open = text[start]
  if (open !== '[' && open !== '{') return undefined
  const close = open === '[' ? ']' : '}'
  let depth = 0
  for (let at = start; at < text.length; at++) {
    if (text[at] === open) depth++
    if (text[at] === close && --depth === 0) return { start, end: at + 1 }
  }
  return { start, end: text.length }
}

const literal = /^(?:true|false|null|undefined|none)(?![\w.-])/i
const number = /^-?\d{1,12}(?![\w.-])/

/** A header runs to the end of its line; anything else to the next space, or to what ends a value in a query. */
function bare(text: string, start: number, name: Span): Span {
  const ahead = text.slice(start, start + 16)
  const called = text.slice(name.start, start)
  if (literal.test(ahead) || (number.test(ahead) && countsTokens(called))) return { start, end: start }
  return /^(?:authorization|cookie)/i.test(called) ? lineFrom(text, start, name) : wordFrom(text, start)
}

/** The line ends at a quote too, where one stands before the name. */
function lineFrom(text: string, start: number, name: Span): Span {
  const before = /(["'`]?)[\w-]{0,32}$/.exec(text.slice(Math.max(0, name.start - 33), name.start))?.[1]
  return { start, end: next(before ? new RegExp(`[\r\n${before}]`) : /[\r\n]/, text, start) }
}

function wordFrom(text: string, start: number): Span {
  const end = next(/[\s"'`&;]/, text, start)
  const [punctuation = ''] = /[,.)}\]]{0,8}$/.exec(text.slice(Math.max(start, end - 8), end)) ?? []
  return { start, end: end - punctuation.length }
}

function next(what: RegExp, text: string, start: number): number {
  const at = text.slice(start).search(what)
  return at < 0 ? text.length : start + at
}
