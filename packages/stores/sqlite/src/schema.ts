import { StoreError } from '@longhaul/core/store'
import type { Sql } from './sql.js'

/**
 * Each brings the tables one version further, and none is ever changed once it was published. A store that is
 * one version behind must be able to work on the newer tables.
 */
export const migrations: readonly string[] = [
  `
  create table {jobs} (
    seq integer primary key autoincrement,
    id text not null unique,
    processor text not null,
    queue text not null,
    state text not null default 'waiting',
    rank integer not null,
    due_at integer not null,
    lane text,
    lane_limit integer not null default 1,
    waits_for integer not null default 0,
    token integer not null default 0,
    write_seq integer not null default 0,
    claim_id text,
    claim_place integer,
    wish text,
    key text,
    tenant text,
    correlation_id text,
    group_name text,
    created_at integer not null,
    started_at integer,
    ended_at integer,
    attempts integer not null default 0,
    crashes integer not null default 0,
    interruptions integer not null default 0,
    throttles integer not null default 0,
    done integer not null default 0,
    failed integer not null default 0,
    skipped integer not null default 0,
    total integer,
    tags text,
    note text,
    memo text,
    cursor text,
    error text,
    output text,
    input text not null
  );
  create unique index {jobs_key} on {jobs} (processor, key, ifnull(tenant, x'')) where key is not null;
  create index {jobs_due} on {jobs} (rank, processor, queue, due_at) where state in ('waiting', 'running');
  create index {jobs_lane} on {jobs} (lane, due_at) where state = 'running' and lane is not null;
  create index {jobs_claim} on {jobs} (claim_id) where state = 'running';
  create index {jobs_ended} on {jobs} (ended_at) where ended_at is not null;
  create index {jobs_tenant} on {jobs} (tenant) where tenant is not null;
  create index {jobs_correlation} on {jobs} (correlation_id) where correlation_id is not null;
  create index {jobs_group} on {jobs} (group_name) where group_name is not null;

  create table {edges} (awaited integer, job integer, outcome text not null, primary key (awaited, job)) without rowid;
  create index {edges_job} on {edges} (job);

  create table {tags} (tag text, job integer, primary key (tag, job)) without rowid;
  create index {tags_job} on {tags} (job);

  create table {items} (
    job integer,
    place integer,
    key text not null,
    outcome text not null,
    value text,
    error text,
    primary key (job, place),
    unique (job, key)
  ) without rowid;

  create table {logs} (
    job integer,
    place integer,
    at integer not null,
    level text not null,
    message text not null,
    primary key (job, place)
  ) without rowid;

  create table {removed} (job integer primary key);

  create table {cells} (
    name text primary key,
    value text,
    version integer not null,
    change_id text not null
  ) without rowid;
  `,
]

/** Brings the tables to the newest version. Runs inside a write transaction, so that one process does it. */
export function migrate(sql: Sql): void {
  sql.script('create table if not exists {schema} (version integer primary key, applied_at integer not null)')
  const version = versionOf(sql)
  if (version > migrations.length) throw tooNew(version)
  for (const [index, migration] of migrations.entries()) {
    if (index >= version) apply(sql, migration, index + 1)
  }
}

function apply(sql: Sql, migration: string, version: number) {
  sql.script(migration)
  sql.run('insert into {schema} (version, applied_at) values (@version, @now)', { version, now: sql.now() })
}

/** Also finds out whether the database can be written: a read-only one refuses even an empty write. */
function versionOf(sql: Sql): number {
  sql.run('delete from {schema} where version < 0')
  return sql.get<{ version: number }>('select ifnull(max(version), 0) as version from {schema}')?.version ?? 0
}

function tooNew(version: number) {
  const message =
    `The tables have version ${version}, and this @longhaul/sqlite knows versions up to ${migrations.length}. ` +
    'Update @longhaul/sqlite here, or use another file or tablePrefix.'
  return new StoreError('schema_too_new', 'sqlite', message)
}
