import { type Demo, leaseMs, openDemo } from './demo.js'
import { follow } from './follow.js'
import { count } from './format.js'
import { help, readOptions } from './options.js'
import { Problem } from './problem.js'
import { resumeLines } from './resume.js'
import { openScreen } from './screen.js'
import { stopSignal } from './stop.js'
import { summary } from './summary.js'

const screen = openScreen(process.stdout, process.env)

async function main(): Promise<number> {
  const options = readOptions(process.argv.slice(2), process.env)
  if (options.help) return say(0, help)

  const demo = await openDemo(options)
  try {
    return await run(demo)
  } finally {
    await demo.close()
  }
}
