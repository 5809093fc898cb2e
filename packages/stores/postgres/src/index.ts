export type { PostgresClient, PostgresPool, PostgresQuery } from './client.js'
export type { PostgresStoreOptions } from './options.js'
export { postgresStore } from './postgres-store.js'
export { type MigrationSqlOptions, migrationSql } from './schema.js'
