// Everything that must hold before a change is good. Stops at the first step that fails; whatever happens,
// the last line says how many passed and failed.
import { spawn } from 'node:child_process'
import { styleText } from 'node:util'
import { root } from './workspace.mjs'

const steps = ['lint', 'layers', 'unused', 'typecheck', 'build', 'publint', 'attw']

/** @param {(chunk: Buffer) => void} [onOutput] sees the output as it comes */
function run(command, onOutput = () => {}) {
  const started = performance.now()
  const env = { ...process.env, [process.stdout.isTTY ? 'FORCE_COLOR' : 'NO_COLOR']: '1' }
  const child = spawn(command, { cwd: root, env, shell: true, stdio: ['ignore', 'pipe', 'pipe'] })
  return new Promise(resolve => {
    let output = ''
    const take = chunk => {
      output += chunk
      onOutput(chunk)
    }
    child.stdout.on('data', take)
    child.stderr.on('data', take)
    child.on('close', code => resolve({ ok: code === 0, output, ms: performance.now() - started }))
  })
}

function fail(why) {
  console.log(`\n${why}\n0 passed, 1 failed`)
  process.exit(1)
}

for (const step of steps) {
  const { ok, output, ms } = await run(`pnpm run ${step}`)
  const sign = ok ? styleText('green', '✓') : styleText('red', '✗')
  console.log(`${sign} ${step.padEnd(10)}${(ms / 1000).toFixed(1).padStart(5)} s`)
  if (!ok) fail(`${output.trim()}\n\nThis step alone: npm run ${step}\n`)
}

const tests = await run('pnpm run -s test:all', chunk => process.stdout.write(chunk))
const failed = /\d+ passed, (\d+) failed\s*$/.exec(tests.output)?.[1]
if (failed === undefined || (failed === '0' && !tests.ok))
  fail('The test run ended with an error of its own.')
process.exitCode = tests.ok ? 0 : 1
