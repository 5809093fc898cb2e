import { Problem } from './problem.js'

export interface Settings {
  readonly port: number
  /** The one file for the app's own tables and for longhaul's. */
  readonly file: string
  /** What callers bring as `Authorization: Bearer …`. */
  readonly token: string
  /** For cron alone, which asks for work. Without it nobody gets in there. */
  readonly cronSecret: string | undefined
  /** How many calls the address book takes. */
  readonly callsPerSecond: number
}

/** @throws {Problem} */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  return {
    port: numberIn(env, 'PORT', 3_000, 0),
    file: env.DATABASE ?? 'app.db',
    token: tokenIn(env),
    cronSecret: env.CRON_SECRET,
    callsPerSecond: numberIn(env, 'CALLS_PER_SECOND', 20, 1),
  }
}

const shortestToken = 16

function tokenIn({ API_TOKEN: token = '' }: NodeJS.ProcessEnv): string {
  if (token.length >= shortestToken) return token
  throw new Problem(`Set API_TOKEN to at least ${shortestToken} characters: without it anyone could call.`)
}

function numberIn(env: NodeJS.ProcessEnv, name: string, otherwise: number, least: number): number {
  const value = Number(env[name] ?? otherwise)
  if (Number.isInteger(value) && value >= least) return value
  throw new Problem(`${name} must be a whole number of at least ${least}, not "${env[name]}".`)
}
