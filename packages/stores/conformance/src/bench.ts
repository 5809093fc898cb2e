import type { Store, Transaction } from '@longhaul/core/store'

/** What only some stores can do. A store that says it can is held to it. */
export type Ability =
  /** Another store object, also in another process, works on the same jobs; they outlive the one that wrote them. */
  | 'share'
  /** `insert` and `commit` can join a transaction of the caller. */
  | 'transactions'
  /** `listen` is there. */
  | 'listen'

/** A store to try, fresh for each promise, and what the tests need around it. */
export interface Subject {
  /** Holds nothing yet. The suite opens it, and closes it in the end. */
  readonly store: Store
  /** Moves the store's clock on. Nothing in the suite sleeps. */
  advance(ms: number): Promise<void> | void
  /** A second store on the same data, for a store that can `share`. The suite opens and closes it. */
  another?(): Promise<Store> | Store
  /** Begins a transaction, for a store that can do `transactions`. */
  transaction?(): Promise<OpenTransaction> | OpenTransaction
  /** Runs last, after every store is closed. */
  cleanup?(): Promise<void> | void
}

export interface OpenTransaction {
  readonly via: Transaction
  commit(): Promise<void> | void
  rollback(): Promise<void> | void
}

/** What a proof works with. */
export interface Bench {
  readonly store: Store
  readonly can: readonly Ability[]
  advance(ms: number): Promise<void>
  /** A second store on the same data; the same store where it can't `share`. */
  another(): Promise<Store>
  transaction(): Promise<OpenTransaction>
}

/** Opens what `setup` gives, hands it to the proof, and closes everything whatever happens. */
export async function withBench(
  setup: () => Promise<Subject> | Subject,
  can: readonly Ability[],
  proof: (bench: Bench) => Promise<void>,
): Promise<void> {
  const subject = await setup()
  const opened = [subject.store]
  try {
    await subject.store.open()
    await proof(benchOf(subject, can, opened))
  } finally {
    for (const store of opened.reverse()) await store.close()
    await subject.cleanup?.()
  }
}

function benchOf(subject: Subject, can: readonly Ability[], opened: Store[]): Bench {
  return {
    store: subject.store,
    can,
    advance: async ms => subject.advance(ms),

    async another() {
      if (!can.includes('share')) return subject.store
      const store = await needed(subject.another, 'another').call(subject)
      opened.push(store)
      await store.open()
      return store
    },

    transaction: async () => needed(subject.transaction, 'transaction').call(subject),
  }
}

function needed<Member>(member: Member | undefined, name: string): Member {
  if (member) return member
  throw new TypeError(`The setup of this store needs \`${name}()\` to prove what \`can\` says.`)
}
