import type { JobHead } from '@longhaul/core/store'
import { type Effect, itemCount } from './processors.js'
import type { Event } from './watched-store.js'

/** What is wrong with what was left; nothing if all is well. */
export function wrongIn(
  jobs: readonly JobHead[],
  events: readonly Event[],
  effects: readonly Effect[],
): string[] {
  return [
    ...jobs.flatMap(unfinished),
    ...finishedTwice(events),
    ...jobs.flatMap(job => takenAfterItsEnd(job, events)),
    ...staleWrites(events),
    ...jobs.flatMap(job => itemsOf(job, effects)),
  ]
}

function unfinished({ id, state, progress: { done } }: JobHead): string[] {
  if (state !== 'completed') return [`job ${id} is ${state}`]
  return done === 0 || done === itemCount ? [] : [`job ${id} counted ${done} of ${itemCount} items`]
}

type Answered = Extract<Event, { type: 'answered' }>

function accepted(events: readonly Event[]): readonly Answered[] {
  return events.filter((event): event is Answered => event.type === 'answered' && event.answer.accepted)
}

/** A write may be accepted twice when its first answer was lost; two writes that end a job may not. */
function finishedTwice(events: readonly Event[]): string[] {
  const endings = new Map<string, number>()
  const twice: string[] = []
  for (const { write } of accepted(events)) {
    if (write.patch.state !== 'completed') continue
    const token = endings.get(write.id) ?? write.token
    if (token !== write.token) twice.push(`job ${write.id} was ended by tokens ${token} and ${write.token}`)
    endings.set(write.id, write.token)
  }
  return twice
}

/** The store's token is the one that ended the job: nobody got it afterwards, seen or unseen. */
function takenAfterItsEnd({ id, token }: JobHead, events: readonly Event[]): string[] {
  const endings = accepted(events).filter(({ write }) => write.id === id && write.patch.state === 'completed')
  return endings
    .filter(({ write }) => write.token !== token)
    .map(({ write }) => `job ${id} was ended by token ${write.token} and taken again by token ${token}`)
}

/** No write got through that met a newer token, or was sent for the first time when somebody had one. */
function staleWrites(events: readonly Event[]): string[] {
  return accepted(events).flatMap(({ write, answer }) => {
    const sent = events.findIndex(event => event.type === 'sent' && isSame(event.write, write))
    const newest = Math.max(answer.job?.token ?? 0, ...tokensOf(write.id, events.slice(0, sent)))
    return newest > write.token
      ? [`write ${write.seq} of token ${write.token} met token ${newest} of job ${write.id}`]
      : []
  })
}

type Numbered = Answered['write']

function isSame(one: Numbered, other: Numbered): boolean {
  return one.id === other.id && one.token === other.token && one.seq === other.seq
}

function tokensOf(job: string, events: readonly Event[]): number[] {
  return events.flatMap(event => (event.type === 'claimed' && event.id === job ? [event.token] : []))
}

/** Every item was worked, and by no owner twice. */
function itemsOf({ id, processor }: JobHead, effects: readonly Effect[]): string[] {
  const own = effects.filter(({ job }) => job === id)
  const missed = Array.from({ length: itemCount }, (_, index) => index + 1).filter(
    number => processor === 'faults.walk' && !own.some(({ item }) => item === number),
  )
  const once = new Set(own.map(({ item, token }) => `${item} by token ${token}`))
  const again = own.length - once.size
  return [
    ...missed.map(item => `item ${item} of job ${id} was skipped`),
    ...(again > 0 ? [`${again} items of job ${id} were worked twice by the same owner`] : []),
  ]
}
