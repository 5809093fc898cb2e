import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const conditions = ['@longhaul/source', 'module', 'node', 'import', 'default']
// better-sqlite3 12 is compiled for the Node that installed it, 13 runs on every Node that has Node-API 10:
// with both, one install serves the tests on all of them.
const sqlite13 = fileURLToPath(
  new URL('packages/stores/sqlite/node_modules/better-sqlite3-13', import.meta.url),
)
const alias = Number(process.versions.napi) >= 10 ? { 'better-sqlite3': sqlite13 } : {}

const project = (name: string, root: string) => ({
  extends: true as const,
  test: { name, root, include: ['test/**/*.test.ts'] },
})

const types = {
  extends: true as const,
  test: {
    name: 'types',
    include: [],
    typecheck: {
      enabled: true,
      only: true,
      include: ['packages/**/test/**/*.test-d.ts'],
      tsconfig: './tsconfig.types.json',
    },
  },
}

export default defineConfig({
  resolve: { conditions, alias },
  ssr: { resolve: { conditions } },
  test: {
    reporters: ['default', './scripts/totals-reporter.ts'],
    coverage: { provider: 'v8', include: ['packages/**/src/**/*.ts'] },
    projects: [
      project('core', 'packages/core'),
      project('sqlite', 'packages/stores/sqlite'),
      project('conformance', 'packages/stores/conformance'),
      project('workiz', 'packages/processors/workiz'),
      project('docs-pages', 'examples/docs-pages'),
      project('demo', 'examples/workiz-demo'),
      project('scripts', 'scripts'),
      project('docs', 'docs'),
      types,
    ],
  },
})
