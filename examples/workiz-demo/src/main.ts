import { openDemo } from './demo.js'
import { help, readOptions } from './options.js'
import { Problem } from './problem.js'
import { run } from './run.js'
import { openScreen } from './screen.js'

const screen = openScreen(process.stdout, process.env)

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), process.env)
  if (options.help) {
    screen.say(help)
    return 0
  }
  const demo = await openDemo(options)
  return run(demo, screen).finally(demo.close)
}

/** One line, whatever it was. */
function tell(error: unknown): number {
  console.error(error instanceof Error ? error.message : String(error))
  return error instanceof Problem ? error.exitCode : 1
}

process.exitCode = await main().catch(tell)
