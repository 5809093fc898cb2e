import { join } from 'node:path'
import { build } from 'esbuild'

/** The drivers are CommonJS, which asks for Node's modules with `require`. */
const banner = `import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);`

/** The worker as one file, drivers included: several a second are killed, and each start is time that all others lack. */
export async function bundleWorker(): Promise<string> {
  const outfile = join(import.meta.dirname, '../../dist/worker.mjs')
  await build({
    entryPoints: [join(import.meta.dirname, 'worker.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    conditions: ['@longhaul/source'],
    minify: true,
    banner: { js: banner },
    external: ['better-sqlite3', 'pg-native'],
  })
  return outfile
}
