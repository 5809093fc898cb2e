import { defineConfig } from 'vitest/config'

const conditions = ['@longhaul/source', 'module', 'node', 'import', 'default']
// better-sqlite3 12 is compiled for the Node that installed it; 13 runs on every Node with Node-API 10.
const hasNodeApi10 = Number(process.versions.napi) >= 10

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
  resolve: { conditions, alias: hasNodeApi10 ? { 'better-sqlite3': 'better-sqlite3-13' } : {} },
  ssr: { resolve: { conditions } },
  test: {
    reporters: ['default', './scripts/totals-reporter.ts'],
    coverage: { provider: 'v8', include: ['packages/**/src/**/*.ts'] },
    projects: [
      project('core', 'packages/core'),
      project('sqlite', 'packages/stores/sqlite'),
      project('conformance', 'packages/stores/conformance'),
      project('workiz', 'packages/processors/workiz'),
      project('scripts', 'scripts'),
      project('docs', 'docs'),
      types,
    ],
  },
})
