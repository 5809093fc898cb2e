import type { Ability, Bench } from './bench.js'

/** One promise of the contract. Its name is the sentence that its proof shows. */
export interface StorePromise {
  readonly topic: string
  readonly name: string
  /** Left out for a store that lacks it. */
  readonly needs: Ability | undefined
  proof(bench: Bench): Promise<void>
}

export type Declare = (name: string, proof: StorePromise['proof']) => void

/** The promises of one topic, in the order they are declared. */
export function topic(name: string, declareAll: (promise: Declare) => void, needs?: Ability): StorePromise[] {
  const promises: StorePromise[] = []
  declareAll((sentence, proof) => promises.push({ topic: name, name: sentence, needs, proof }))
  return promises
}
