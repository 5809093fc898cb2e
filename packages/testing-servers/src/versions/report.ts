/** What a store's tests came to on one version of its server. */
export interface VersionResult {
  readonly version: string
  readonly cases: number
  readonly seconds: number
  readonly skipped: number
  /** Which tests, and what each said. */
  readonly failed: readonly string[]
}

const head = ['version', 'cases', 'seconds', 'skipped', 'failed']

/** A table, and below it the tests that failed. */
export function report(results: readonly VersionResult[]): string {
  const lines = [head, ...results.map(row)]
  const widths = head.map((_, column) => Math.max(...lines.map(line => (line[column] as string).length)))
  const table = lines.map(line =>
    line.map((cell, column) => cell.padEnd(widths[column] as number)).join('  '),
  )
  return [...table, ...results.flatMap(failures)].join('\n')
}

function row({ version, cases, seconds, skipped, failed }: VersionResult): string[] {
  return [version, `${cases}`, seconds.toFixed(1), `${skipped}`, `${failed.length}`]
}

function failures({ version, failed }: VersionResult): string[] {
  return failed.map(name => `${version}: ${name}`)
}
