import { readNote } from '../encoding/note.js'
import { type Job, LonghaulError } from '../store/index.js'

/**
 * What is left of a job's deadline, right after its claim; `undefined` without one. The store set the end of the lease
 * by its clock, so that tells what time it was there.
 */
export function timeLeftMs({ note, createdAt, dueAt }: Job, leaseMs: number): number | undefined {
  const { deadlineMs } = readNote(note)
  return deadlineMs === undefined ? undefined : createdAt + deadlineMs - (dueAt - leaseMs)
}

/** What a job fails with that is not done in time. */
export function tooLate({ note }: Job): LonghaulError {
  const { deadlineMs } = readNote(note)
  const message = `The job was not done within ${deadlineMs} ms of its enqueue. Retrying it gives it no more time: enqueue it again.`
  return new LonghaulError('deadline_exceeded', message)
}
