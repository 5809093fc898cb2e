import { checkInteger } from '../check-integer.js'
import { checkText } from '../check-text.js'
import type { Clock, Random } from '../clock.js'
import { GateNotFoundError } from '../errors.js'
import {
  cellKeeper,
  cellOf,
  forgotten,
  type GateEdit,
  type GateView,
  gateList,
  longestKey,
  paused,
  readState,
  resumed,
  viewGate,
} from '../gate/index.js'
import type { Page, Store } from '../store/index.js'

/** The shared gates of a store, seen and held from any process. A local gate is known to its process alone. */
export interface GateControl {
  /** `undefined` for a gate that was never used. */
  get(key: string): Promise<GateView | undefined>
  /** By key. Of more than 500 gates those that were opened last are listed; `get` knows all. */
  list(page?: Page): Promise<GateViewList>
  /**
   * Lets it forget its calls, what answers asked for, its breaker and its pace; a pause stays. More calls than a window
   * allows may follow.
   *
   * @throws {GateNotFoundError}
   */
  reset(key: string): Promise<GateView>
  /** Gives no permits on any worker, until it is resumed. Also before its first use. */
  pause(key: string): Promise<GateView>
  /** Jobs that wait look again within a minute. @throws {GateNotFoundError} */
  resume(key: string): Promise<GateView>
}

/** A page of gates. */
export interface GateViewList {
  readonly gates: readonly GateView[]
  /** To be passed as `after` for the next page; `null` at the end. */
  readonly next: string | null
}

interface GateControlDeps {
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  opened(): Promise<void>
}

export function createGateControl({ store, clock, random, opened }: GateControlDeps): GateControl {
  const deps = { cells: store, clock, random }
  const names = gateList(deps)

  async function look(key: string): Promise<GateView | undefined> {
    const { value, now } = await store.cell(cellOf(key))
    return value === null ? undefined : viewGate(key, readState(value), now)
  }

  /** Answers once the store is open. @throws {OptionsError} */
  async function ready(key: string): Promise<void> {
    checkText('key', key, longestKey)
    await opened()
  }

  async function change(key: string, edit: GateEdit): Promise<GateView> {
    const keeper = cellKeeper(key, { ...deps, introduce: names.add })
    const now = await keeper.edit(edit)
    return viewGate(key, keeper.seen(), now)
  }

  /** Of a gate that is there. */
  async function changeKnown(key: string, edit: GateEdit): Promise<GateView> {
    await ready(key)
    if (!(await look(key))) throw new GateNotFoundError(key)
    return change(key, edit)
  }

  return {
    async get(key) {
      await ready(key)
      return look(key)
    },

    async list({ limit, after } = { limit: 50 }) {
      checkInteger('limit', limit, 1, 1_000)
      await opened()
      const keys = (await names.keys()).filter(key => after === undefined || key > after)
      const views = await Promise.all(keys.slice(0, limit).map(look))
      const next = keys.length > limit ? (keys[limit - 1] ?? null) : null
      return { gates: views.filter(view => view !== undefined), next }
    },

    async pause(key) {
      await ready(key)
      return change(key, paused)
    },

    resume: key => changeKnown(key, resumed),
    reset: key => changeKnown(key, forgotten),
  }
}
