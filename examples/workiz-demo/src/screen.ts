import { styleText } from 'node:util'
import { time } from './format.js'
import { type LiveView, liveLine, type Paint, plainLine } from './live-line.js'

/** Where the demo shows itself. */
export interface Screen {
  /** How often a live line is worth showing. */
  readonly everyMs: number
  /** Lines that stay. */
  say(...lines: readonly string[]): void
  /** A line that takes the place of the last one; where that can't be, one more line. */
  live(view: LiveView): void
  /** The last live line; it stays. */
  final(view: LiveView): void
}

/** A live line on a terminal; elsewhere a plain line every two seconds. */
export function openScreen(output: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Screen {
  return output.isTTY ? terminal(output, env) : plain(output)
}

function terminal(output: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Screen {
  const paint: Paint = env.NO_COLOR ? (_, text) => text : (style, text) => styleText(style, text)
  const clear = '\r\x1b[K'
  const lineOf = (view: LiveView) => clear + liveLine(view, output.columns - 1, paint)
  return {
    everyMs: 100,
    say: (...lines) => void output.write(clear + lines.map(line => `${line}\n`).join('')),
    live: view => void output.write(lineOf(view)),
    final: view => void output.write(`${lineOf(view)}\n`),
  }
}

function plain(output: NodeJS.WriteStream): Screen {
  const say = (...lines: readonly string[]) => void output.write(lines.map(line => `${line}\n`).join(''))
  const live = (view: LiveView) => say(`${time(Date.now())} ${plainLine(view, 101)}`)
  return { everyMs: 2_000, say, live, final: live }
}
