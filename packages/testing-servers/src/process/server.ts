import { guardedFolder } from './guarded-folder.js'
import { launch, type ServerProcess } from './launch.js'
import { freePort } from './ports.js'
import { problemOf } from './problem.js'
import type { User } from './user.js'

/** A real server on a loopback port, with data of its own. It doesn't outlive the process that started it. */
export interface TestServer<How extends string> {
  readonly url: string
  readonly port: number
  /** Ends the process and keeps its data and its port. Resolves when it is gone; nothing happens if it already is. */
  stop(how?: How): Promise<void>
  /** Runs it again, on the same data and port. Resolves when it answers; nothing happens if it already does. */
  start(): Promise<void>
  /** Ends it, if it runs, and removes its data. */
  close(): Promise<void>
}

/** How a kind of server is run. */
export interface Recipe<How extends string> {
  readonly name: string
  readonly user: User
  /** The ways to end it, and the signal for each. */
  readonly signals: Readonly<Record<How, NodeJS.Signals>>
  /** How `stop` ends it when it isn't told. */
  readonly gently: How
  /** How it is ended when nobody is left to stop it. */
  readonly hastily: How
  url(port: number): string
  /** Makes the data, once. */
  prepare?(folder: string): Promise<void>
  command(folder: string, port: number): readonly [string, ...string[]]
  /** Rejects as long as the server doesn't answer. */
  answers(url: string): Promise<unknown>
}

/** @throws when it doesn't answer, with the end of its log. Nothing is left behind. */
export async function startServer<How extends string>(recipe: Recipe<How>): Promise<TestServer<How>> {
  const hasty = recipe.signals[recipe.hastily].replace('SIG', '')
  const folder = await guardedFolder(recipe.name, hasty, recipe.user)
  const port = await freePort()
  const url = recipe.url(port)
  let running: ServerProcess | undefined

  const server: TestServer<How> = {
    url,
    port,
    async start() {
      if (running?.runs() && (await problemOf(recipe.answers(url))) === undefined) return
      // It may be on its way out: its port is closed before its end is known here.
      await running?.end(recipe.signals[recipe.hastily])
      running = launch(recipe.command(folder.path, port), folder.path, recipe.user)
      folder.guard(running.pid)
      await running.until(() => recipe.answers(url))
    },
    async stop(how = recipe.gently) {
      await running?.end(recipe.signals[how])
      running = undefined
      folder.guard(undefined)
    },
    async close() {
      await server.stop(recipe.hastily)
      await folder.remove()
    },
  }

  try {
    await recipe.prepare?.(folder.path)
    await server.start()
    return server
  } catch (error) {
    await server.close()
    throw error
  }
}
