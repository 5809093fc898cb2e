import { fileURLToPath } from 'node:url'
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config'

// Node is told these as well: `import` among them would lead a `require` to an ES module, and `module` to files for bundlers.
const conditions = ['@longhaul/source', 'node']
// better-sqlite3 12 is compiled for the Node that installed it, 13 runs on every Node that has Node-API 10:
// with both, one install serves the tests on all of them.
const sqlite13 = fileURLToPath(
  new URL('packages/stores/sqlite/node_modules/better-sqlite3-13', import.meta.url),
)
const alias = Number(process.versions.napi) >= 10 ? { 'better-sqlite3': sqlite13 } : {}

const project = (name: string, root: string, more: TestProjectInlineConfiguration['test'] = {}) => ({
  extends: true as const,
  test: { name, root, include: ['test/**/*.test.ts'], ...more },
})

/** Leads the tests to servers by TEST_POSTGRES_URL and TEST_REDIS_URL, and waits for these on a busy machine. */
const on = (...servers: ('postgres' | 'redis')[]) => ({
  globalSetup: servers.map(name =>
    fileURLToPath(new URL(`packages/testing-servers/src/setup/${name}.ts`, import.meta.url)),
  ),
  testTimeout: 30_000,
  hookTimeout: 60_000,
  expect: { poll: { timeout: 10_000 } },
})

/** For tests that start programs, on a busy machine. */
const patient = { testTimeout: 60_000, expect: { poll: { timeout: 20_000 } } }

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
    testTimeout: 20_000, // tests wait for nothing, but a busy machine may
    maxWorkers: 2, // those that compute run beside those that wait for a server
    reporters: ['default', './scripts/totals-reporter.ts'],
    coverage: { provider: 'v8', include: ['packages/**/src/**/*.ts'] },
    projects: [
      project('core', 'packages/core'),
      project('sqlite', 'packages/stores/sqlite'),
      project('conformance', 'packages/stores/conformance'),
      project('postgres', 'packages/stores/postgres', on('postgres')),
      project('redis', 'packages/stores/redis', on('redis')),
      project('servers', 'packages/testing-servers', on('postgres', 'redis')),
      project('http', 'packages/http'),
      project('workiz', 'packages/processors/workiz'),
      project('docs-pages', 'examples/docs-pages'),
      project('demo', 'examples/workiz-demo'),
      project('compatibility', 'examples/compatibility'),
      project('express-sqlite', 'examples/express-sqlite', patient),
      project('scripts', 'scripts'),
      project('docs', 'docs'),
      project('simulation', 'packages/simulation', { testTimeout: 600_000 }),
      // After all others, and one by one: they measure how long things take.
      project('network-faults', 'packages/network-faults', {
        ...on('postgres', 'redis'),
        sequence: { groupOrder: 1 },
        maxWorkers: 1,
      }),
      project('next-postgres', 'examples/next-postgres', {
        ...on('postgres'),
        sequence: { groupOrder: 3 },
        maxWorkers: 1,
      }),
      project('soak', 'packages/soak', { sequence: { groupOrder: 2 }, maxWorkers: 1 }),
      types,
    ],
  },
})
