import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { count } from './format.js'
import { Problem } from './problem.js'

export interface Options {
  readonly help: boolean
  /** Forget what is there and start anew. */
  readonly fresh: boolean
  /** `undefined`: as many as the run in the folder has, or {@link defaultRecords}. */
  readonly records: number | undefined
  /** The folder for all files of the demo. */
  readonly data: string
  readonly apiToken: string
}

export const defaultRecords = 1_500
const fewest = 20
const most = 100_000

/** @throws {Problem} */
export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): Options {
  const { help = false, fresh = false, records, data = defaultFolder } = parse(args)
  if (data === '') throw new Problem('--data needs a folder.')
  return { help, fresh, records: readRecords(records), data, apiToken: readToken(env) }
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: flags }).values
  } catch (error) {
    throw new Problem(`${firstSentence(error)}. See --help.`)
  }
}

const flags = {
  help: { type: 'boolean', short: 'h' },
  fresh: { type: 'boolean' },
  records: { type: 'string' },
  data: { type: 'string' },
} as const

function firstSentence(error: unknown): string {
  const [line = ''] = String((error as Error).message).split('\n')
  return line.split('. ')[0]?.replace(/\.$/, '') ?? line
}

function readRecords(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const records = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (records >= fewest && records <= most) return records
  throw new Problem(`--records must be a whole number from ${fewest} to ${count(most)}, not "${text}".`)
}

function readToken({ WORKIZ_API_TOKEN: token = 'api_demo' }: NodeJS.ProcessEnv): string {
  if (token.trim() !== '') return token
  throw new Problem('WORKIZ_API_TOKEN is empty. Unset it, or give it any text: it only goes to the fake API.')
}

const defaultFolder = join(import.meta.dirname, '..', 'data')

export const help = `Refreshes ${count(defaultRecords)} CRM records from a fake Workiz API, as one job that survives anything.
Stop it with Ctrl-C or kill -9 and start it again: it goes on where it was.

  npm run demo -- [options]

  --fresh         Start anew, even if the last run can be resumed
  --records N     How many records, from ${fewest} to ${count(most)} (default ${count(defaultRecords)})
  --data DIR      Where the databases are kept (default examples/workiz-demo/data)
  --help          This text

Exit codes: 0 all done · 1 the job failed · 2 cannot start · 130 stopped, can be resumed`
