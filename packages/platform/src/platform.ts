import type { Clock, Random } from '@longhaul/core'
import type { Handler } from '@longhaul/http'
import { createInstance, type Instance } from './instance.js'

/** One request, as the platform has seen it. */
export interface Invocation {
  readonly path: string
  readonly startedAt: number
  readonly tookMs: number
  /** `deadline`: it was cut off by the platform. `killed`: its process died under it. */
  readonly ended: 'done' | 'deadline' | 'killed'
  readonly instance: number
}

export interface PlatformOptions {
  readonly clock: Clock
  /** No invocation may take longer, with what goes on behind its answer. */
  readonly limitMs: number
  /** Makes the app in a new process; all that it does outside must go through the instance. */
  boot(instance: Instance): Handler
  readonly random: Random
  /** How many of all invocations are killed, some time before their end. From 0 to 1. @defaultValue 0 */
  readonly killed?: number
  /** How many requests a process takes at a time. @defaultValue 4 */
  readonly concurrency?: number
}

interface Process {
  readonly number: number
  readonly instance: Instance
  readonly handle: Handler
}

/** Answers requests by processes that it starts, freezes and ends as it likes. */
export function createPlatform(options: PlatformOptions) {
  const { clock, limitMs, boot, random, killed = 0, concurrency = 4 } = options
  const processes: Process[] = []
  const invocations: Invocation[] = []

  /** One that has room, or a new one. */
  function processFor(): Process {
    const free = processes.filter(({ instance }) => !instance.isGone && instance.busy < concurrency)
    return free[Math.floor(random() * free.length)] ?? started()
  }

  function started(): Process {
    const instance = createInstance()
    const process = { number: processes.length, instance, handle: boot(instance) }
    processes.push(process)
    return process
  }

  /** Kills the process when the time of an invocation is over, or earlier by chance; answers which, if it came to that. */
  async function guard(instance: Instance, signal: AbortSignal): Promise<Invocation['ended'] | undefined> {
    const isKilled = random() < killed
    await clock.sleep(isKilled ? random() * limitMs : limitMs, { signal, background: true })
    if (signal.aborted) return undefined
    instance.kill()
    return isKilled ? 'killed' : 'deadline'
  }

  async function watch({ number, instance }: Process, path: string, whole: Promise<void>): Promise<void> {
    const startedAt = clock.now()
    const over = new AbortController()
    const guarded = guard(instance, over.signal)
    const first = await Promise.race([whole.then(() => 'done' as const), instance.gone])
    over.abort()
    instance.end()
    const ended = first ?? (await guarded) ?? 'killed'
    invocations.push({ path, startedAt, tookMs: clock.now() - startedAt, ended, instance: number })
  }

  async function request(request: Request): Promise<Response> {
    const process = processFor()
    const { answer, whole } = run(process, request, clock.now() + limitMs)
    void watch(process, new URL(request.url).pathname, whole)
    return Promise.race([answer, process.instance.gone.then(() => new Response(null, { status: 504 }))])
  }

  return { request, invocations, processes: () => processes.length }
}

/** The answer, and the whole: with what goes on behind it. */
function run({ handle, instance }: Process, request: Request, deadline: number) {
  const behind: Promise<unknown>[] = []
  const waitUntil = (promise: Promise<unknown>) => void behind.push(promise)
  instance.begin()
  const answer = handle(request, { waitUntil, deadline }).then(async response => {
    const text = await response.text()
    return new Response(text === '' ? null : text, response)
  })
  const whole = answer.then(async () => {
    while (behind.length > 0) await Promise.all(behind.splice(0))
  })
  return { answer, whole }
}
