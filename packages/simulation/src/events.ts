import type { After, ClaimRequest, Committed, Job, JobState, Write } from '@longhaul/core/store'
import type { FaultName } from './faults/faults.js'

/** What happened, in its order and by the store's clock. Only ever added to. */
export type Event = { readonly at: number } & (
  | {
      readonly type: 'claimed'
      readonly request: ClaimRequest
      readonly job: Job
      readonly awaited: AwaitedJobs
    }
  | { readonly type: 'written'; readonly write: Write; readonly answer: Committed }
  | {
      readonly type: 'called'
      readonly worker: number
      readonly call: Call
      readonly fault: FaultName | null
    }
  | { readonly type: 'began' | 'returned'; readonly worker: number; readonly job: string }
  | {
      readonly type: 'looked'
      readonly worker: number
      readonly askedAt: number
      /** What is switched, as JSON. */
      readonly value: string | null
    }
  | { readonly type: 'asked'; readonly worker: number; readonly request: ClaimRequest }
  | Effect
)

/** Whom a job waited for, and where those stood when it was claimed. */
export interface AwaitedJobs {
  readonly outcome: After['outcome']
  readonly states: Readonly<Record<string, JobState | undefined>>
}

export type EventOf<Type extends Event['type']> = Extract<Event, { type: Type }>

/** A call of a worker to its store. The first is number 1. */
export interface Call {
  readonly number: number
  readonly method: string
}

/** A handler did something outside, in the name of a claim. */
export interface Effect {
  readonly type: 'effect'
  readonly worker: number
  readonly job: string
  readonly token: number
  readonly item: string
}

export type Note = (event: Event) => void

export function only<Type extends Event['type']>(events: readonly Event[], type: Type): EventOf<Type>[] {
  return events.filter((event): event is EventOf<Type> => event.type === type)
}
