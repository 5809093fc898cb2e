import { parseArgs } from 'node:util'
import { soakAll } from './soak-all.js'
import { storeNames } from './stores.js'

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '2' }, store: { type: 'string', multiple: true } },
})
const stores = storeNames.filter(name => values.store?.includes(name) ?? true)
const reports = await soakAll(stores, Number(values.minutes))
process.exitCode = reports.every(({ violations }) => violations.length === 0) ? 0 : 1
