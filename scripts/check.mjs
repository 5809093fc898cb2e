// Everything that must hold before a change is good, in order. Stops at the first step that fails; whatever
// happens, the last line says how many passed and failed.
import { spawn } from 'node:child_process'
import { styleText } from 'node:util'

const published = "pnpm -r --filter './packages/**' exec"

const steps = {
  lint: 'pnpm run -s lint',
  layers: 'pnpm run -s layers',
  unused: 'pnpm run -s unused',
  typecheck: 'pnpm run -s typecheck',
  build: 'pnpm run -s build',
  publint: `${published} publint --strict`,
  attw: `${published} attw --pack . --profile node16`,
}

for (const [name, command] of Object.entries(steps)) {
  const { ok, output, seconds } = await run(command)
  console.log(`${ok ? styleText('green', '✓') : styleText('red', '✗')} ${name.padEnd(10)} ${seconds} s`)
  if (!ok) finish(`${output}\n${name} failed. To see it alone: ${command}\n`, '0 passed, 1 failed', 1)
}

const tests = await run('pnpm run -s test:all', chunk => process.stdout.write(chunk))
const [totals, failed] = /\d+ passed, (\d+) failed\s*$/.exec(tests.output) ?? []
if (!totals || (!tests.ok && failed === '0')) finish('The test run broke off.', '0 passed, 1 failed', 1)
process.exitCode = tests.ok ? 0 : 1
