import { type SwapLoopDeps, swapLoop } from './swap-loop.js'

export interface SwitchesDeps extends SwapLoopDeps {
  opened(): Promise<void>
  /** They could not be looked at; what was seen last goes on to hold. */
  onError(error: unknown): void
}

/** One of the things that people switch, as plain JSON. */
export interface Switch<Value> {
  /** As it was last seen. After five seconds it is looked at anew, for whoever asks next. */
  known(): Value
  look(): Promise<Value>
  /** @throws what `edit` throws: then nothing changed. */
  change(edit: (value: Value) => Value): Promise<Value>
}

type Values = Readonly<Record<string, unknown>>

const cellName = 'switches'
const lookEveryMs = 5_000

/** What people switch for all workers of a store at once, in one cell, so that one look tells all of it. */
export function createSwitches({ opened, onError, ...deps }: SwitchesDeps) {
  const { cells, clock } = deps
  let seen: Values = {}
  let lookedAt = Number.NEGATIVE_INFINITY
  let looking = Promise.resolve()

  async function look(): Promise<void> {
    lookedAt = clock.now()
    seen = valuesIn((await cells.cell(cellName)).value)
  }

  async function refresh(): Promise<void> {
    await look().catch(onError)
  }

  function isOld(): boolean {
    return clock.now() - lookedAt >= lookEveryMs
  }

  /** What is known then is not older than five seconds, if the store can be reached. All who ask share a look. */
  function refreshOld(): Promise<void> {
    if (isOld()) looking = refresh()
    return looking
  }

  return {
    refresh,

    refreshOld,

    one<Value>(name: string, initial: Value): Switch<Value> {
      const memberOf = (values: Values) => (values[name] ?? initial) as Value
      return {
        known() {
          void refreshOld()
          return memberOf(seen)
        },

        async look() {
          await opened()
          await look()
          return memberOf(seen)
        },

        async change(edit) {
          await opened()
          const cell = await swapLoop(deps, cellName, ({ value }) => {
            const values = valuesIn(value)
            return JSON.stringify({ ...values, [name]: edit(memberOf(values)) })
          })
          seen = valuesIn(cell.value)
          return memberOf(seen)
        },
      }
    },
  }
}

export type Switches = ReturnType<typeof createSwitches>

function valuesIn(text: string | null): Values {
  return text === null ? {} : (JSON.parse(text) as Values)
}
