import type { CatchUp, Schedule } from './definition.js'
import type { When } from './when.js'

const yearMs = 31_536_000_000
const timings = ['cron', 'everyMs', 'at'] as const
const known: readonly string[] = [
  ...timings,
  ...['timeZone', 'name', 'processor', 'input', 'options', 'catchUp', 'toleranceMs', 'maxCatchUp'],
]

/** All that is wrong with the shape of a schedule. */
export function problemsOf(schedule: Schedule & Required<CatchUp>): string[] {
  return [
    ...nameProblems(schedule),
    ...timingProblems(schedule),
    ...catchUpProblems(schedule),
    ...optionProblems(schedule),
  ]
}

function nameProblems({ name, ...rest }: Schedule): string[] {
  const good = typeof name === 'string' && name.length >= 1 && name.length <= 200
  const strangers = Object.keys(rest).filter(key => !known.includes(key))
  return [
    ...(good ? [] : ['`name` must have from 1 to 200 characters']),
    ...strangers.map(key => `\`${key}\` is unknown; there are ${known.join(', ')}`),
  ]
}

export function timingProblems(when: When): string[] {
  const { cron, everyMs, timeZone } = when
  const given = timings.filter(timing => when[timing] !== undefined)
  return [
    ...(given.length === 1 ? [] : ['exactly one of `cron`, `everyMs` and `at` must be given']),
    ...(cron === undefined || typeof cron === 'string' ? [] : ['`cron` must be text']),
    ...(timeZone === undefined || cron !== undefined ? [] : ['`timeZone` is for `cron` only']),
    ...(everyMs === undefined ? [] : whole('everyMs', everyMs, 1_000, yearMs)),
  ]
}

function catchUpProblems({ catchUp, toleranceMs, maxCatchUp }: Required<CatchUp>): string[] {
  return [
    ...(['skip', 'last', 'all'].includes(catchUp) ? [] : ["`catchUp` must be 'skip', 'last' or 'all'"]),
    ...whole('toleranceMs', toleranceMs, 0, yearMs),
    ...whole('maxCatchUp', maxCatchUp, 1, 500),
  ]
}

function optionProblems({ options = {} }: Schedule): string[] {
  const own = ['key', 'delayMs', 'runAt'].filter(option => option in options)
  return own.map(option => `\`options.${option}\` is not for jobs of a schedule: the slot decides`)
}

function whole(name: string, value: unknown, least: number, most: number): string[] {
  const good = Number.isInteger(value) && (value as number) >= least && (value as number) <= most
  return good ? [] : [`\`${name}\` must be a whole number from ${least} to ${most}, not ${String(value)}`]
}
