/** The variables that Vercel sets, or that a project sets there. */
export interface VercelEnvironment {
  readonly CRON_SECRET?: string | undefined
  readonly VERCEL_ENV?: string | undefined
  readonly VERCEL_URL?: string | undefined
  readonly VERCEL_PROJECT_PRODUCTION_URL?: string | undefined
  readonly VERCEL_AUTOMATION_BYPASS_SECRET?: string | undefined
  /** Any other one, so that `process.env` is one whatever a framework has made of its type. */
  readonly [name: string]: string | undefined
}

/** This deployment's own address: the domain of the project in production, which no protection is in front of. */
export function originIn(environment: VercelEnvironment): string | undefined {
  const { VERCEL_ENV, VERCEL_URL, VERCEL_PROJECT_PRODUCTION_URL } = environment
  const host = (VERCEL_ENV === 'production' && VERCEL_PROJECT_PRODUCTION_URL) || VERCEL_URL
  return host ? `https://${host}` : undefined
}

/** Lets a call of the app to itself pass the protection of a preview. */
export function bypassIn({ VERCEL_AUTOMATION_BYPASS_SECRET: secret }: VercelEnvironment) {
  return secret ? { 'x-vercel-protection-bypass': secret } : {}
}
