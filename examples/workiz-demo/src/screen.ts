import { stripVTControlCharacters, styleText } from 'node:util'
import { time } from './format.js'
import { type LiveView, liveLine, type Paint, plainLine } from './live-line.js'

/** Where the demo shows itself. */
export interface Screen {
  /** How often a live line is worth showing. */
  readonly everyMs: number
  readonly paint: Paint
  /** Lines that stay. */
  say(...lines: readonly string[]): void
  /** A line that takes the place of the last one; where that can't be, one more line. */
  live(view: LiveView): void
}

/** A live line on a terminal; elsewhere a plain line every two seconds. */
export function openScreen(output: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Screen {
  return output.isTTY ? terminal(output, env) : plain(output)
}

function terminal(output: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Screen {
  const paint: Paint = env.NO_COLOR ? (_, text) => text : (style, text) => styleText(style, text)
  const clear = '\r\x1b[K'
  return {
    everyMs: 100,
    paint,
    say: (...lines) => void output.write(clear + lines.map(line => `${line}\n`).join('')),
    live: view => void output.write(clear + liveLine(view, output.columns - 1, paint)),
  }
}

function plain(output: NodeJS.WriteStream): Screen {
  const say = (...lines: readonly string[]) =>
    void output.write(lines.map(line => `${stripVTControlCharacters(line)}\n`).join(''))
  return {
    everyMs: 2_000,
    paint: (_, text) => text,
    say,
    live: view => say(`${time(Date.now())} ${plainLine(view, 101)}`),
  }
}
