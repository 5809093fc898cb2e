import { makeData, type WorkizData } from '@longhaul/workiz/fake'

/** Of a hundred CRM records so many are older than at Workiz, or deleted there. */
const stalePercent = 12
const gonePercent = 4

/** The account at Workiz and the app's copy of it: for one number of records always the same. */
export function crmData(records: number): WorkizData {
  const gone = Math.round((records * gonePercent) / 100)
  const stale = Math.round((records * stalePercent) / 100)
  const local = { same: records - stale - gone, stale, gone, expired: 0 }
  const {
    jobs,
    local: copy,
    goneAs,
    ...rest
  } = makeData({
    jobs: records - gone,
    local,
    goneAs404: Math.floor(gone / 2),
  })
  return {
    ...rest,
    jobs: jobs.map(renamed),
    local: copy.map(renamed),
    goneAs: Object.fromEntries(Object.entries(goneAs).map(([uuid, as]) => [shuffledName(uuid), as])),
  }
}

/** The data comes sorted by what became of it. Under other names it comes mixed, as in life. */
function renamed<Job extends { readonly UUID: string }>(job: Job): Job {
  return { ...job, UUID: shuffledName(job.UUID) }
}

const nameLength = 6
const names = 36 ** nameLength

/** `W00042` → `5XK0E2`. Each name is given once: the factor has no divisor in common with the number of names. */
function shuffledName(uuid: string): string {
  const number = Number(uuid.slice(1)) + (uuid.startsWith('G') ? 1_000_000 : 0)
  return ((number * 1_367_836_787) % names).toString(36).padStart(nameLength, '0').toUpperCase()
}
