import type { HandlerContext } from '../router/context.js'

/** What may be asked for: to look, to change jobs, to enqueue them; `admin` is all of it, and the state of the system. */
export type Role = 'read' | 'act' | 'enqueue' | 'admin'

/** What whoever asks may do, and whose jobs are meant. */
export interface Access {
  readonly roles: readonly Role[]
  /**
   * Jobs of this tenant alone are seen, counted, changed and made. `null` says all tenants, in so many words: to leave
   * it out is an error, and nobody gets in.
   */
  readonly tenant: string | null
  /** The processors that jobs may be enqueued for. @defaultValue all of the runner's */
  readonly processors?: readonly string[]
  /** Who it is, to count open event streams by. @defaultValue the tenant */
  readonly subject?: string
}

/**
 * Decides about one request, by its session, its token or whatever the app knows; `null` for somebody unknown. It is
 * asked at every request, whatever a framework's middleware has decided before. What it throws is answered with 500.
 */
export type Authorize = (request: Request, context: HandlerContext) => Access | null | Promise<Access | null>

export function allows({ roles }: Access, role: Role): boolean {
  return roles.includes('admin') || roles.includes(role)
}

/** Whether jobs of `processor` may be enqueued. */
export function allowsProcessor({ processors }: Access, processor: string): boolean {
  return processors === undefined || processors.includes(processor)
}

/** The filter that every query of a tenant carries. */
export function scopeOf({ tenant }: Access): { readonly tenant?: string } {
  return tenant === null ? {} : { tenant }
}

/** Also where no type checker looked. */
export function isAccess(given: unknown): given is Access {
  if (typeof given !== 'object' || given === null) return false
  const { roles, tenant } = given as Partial<Access>
  return Array.isArray(roles) && (tenant === null || (typeof tenant === 'string' && tenant !== ''))
}
