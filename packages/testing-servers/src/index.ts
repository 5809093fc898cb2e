export { canStart, serverUrl } from './available.js'
export { type TransactionPooler, transactionPooler } from './pooler/pooler.js'
export { query } from './postgres/query.js'
export {
  type PostgresOptions,
  type PostgresServer,
  type PostgresStop,
  startPostgres,
} from './postgres/server.js'
export type { ProxiedConnection } from './proxy/connection.js'
export { type FaultProxy, type FaultProxyOptions, faultProxy } from './proxy/fault-proxy.js'
export type { Faults, Way } from './proxy/faults.js'
export { call } from './redis/call.js'
export { type RedisCluster, startRedisCluster } from './redis/cluster.js'
export { type RedisOptions, type RedisServer, type RedisStop, startRedis } from './redis/server.js'
