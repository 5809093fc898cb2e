// Loaded first by child processes, which no alias of the test runner reaches. better-sqlite3 12 is compiled for the
// Node that installed it; 13 runs on every Node that has Node-API 10.
import { registerHooks } from 'node:module'

const driver = '../../../packages/stores/sqlite/node_modules/better-sqlite3-13/lib/index.js'

registerHooks({
  resolve: (name, context, next) =>
    name === 'better-sqlite3' ? next(new URL(driver, import.meta.url).href, context) : next(name, context),
})
