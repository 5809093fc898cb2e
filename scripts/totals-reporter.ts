import type { Reporter, SerializedError, TestModule } from 'vitest/node'

/** Prints the run's totals on a line of its own, after everything else. */
export default class TotalsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], strayErrors: readonly SerializedError[]): void {
    const states = modules.flatMap(module => [...module.children.allTests()].map(test => test.result().state))
    const count = (state: string) => states.filter(each => each === state).length
    const broken = modules.reduce((sum, module) => sum + brokenParts(module), 0)

    const passed = count('passed')
    const failed = count('failed') + broken + strayErrors.length
    const skipped = states.length - passed - count('failed')
    process.on('exit', () =>
      process.stdout.write(`\n${skipped} skipped\n${passed} passed, ${failed} failed\n`),
    )
  }
}

/** Files that could not be loaded and suites whose hook threw: failures that are no test's own. */
function brokenParts(module: TestModule): number {
  const suites = [...module.children.allSuites()].filter(suite => suite.errors().length > 0)
  return suites.length + (module.errors().length > 0 ? 1 : 0)
}
