import { claimFunctionSql } from './claim-function.js'
import { keyIndexed } from './key-index.js'
import { namesIn } from './names.js'
import { settingsFrom } from './options.js'
import { releaseFunctionSql } from './release-function.js'

/**
 * Each brings the tables one version further, and none is ever changed once it was published. A store that is
 * one version behind must be able to work on the newer tables: a function that changes gets another name.
 *
 * Columns that are always there stand first: it takes longer to find one behind one that may be missing.
 * A job that has ended is in no index that a claim reads. `chr(1)` stands for no tenant: no stored text is that.
 */
export const migrations: readonly string[] = [
  `
  create table {jobs} (
    seq bigint generated always as identity primary key,
    created_at bigint not null,
    due_at bigint not null,
    token bigint not null default 0,
    write_seq bigint not null default 0,
    attempts bigint not null default 0,
    crashes bigint not null default 0,
    interruptions bigint not null default 0,
    throttles bigint not null default 0,
    done bigint not null default 0,
    failed bigint not null default 0,
    skipped bigint not null default 0,
    rank integer not null,
    lane_limit integer not null,
    waits_for integer not null default 0,
    awaited boolean not null default false,
    id text collate "C" not null unique,
    processor text collate "C" not null,
    queue text collate "C" not null,
    state text collate "C" not null,
    input text not null,
    started_at bigint,
    ended_at bigint,
    total bigint,
    claim_place integer,
    claim_id text collate "C",
    wish text collate "C",
    lane text collate "C",
    key text collate "C",
    tenant text collate "C",
    correlation_id text collate "C",
    group_name text collate "C",
    tags text[] collate "C",
    note text,
    memo text,
    cursor text,
    error text,
    output text
  ) with (fillfactor = 85, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.05);
  create unique index [jobs_key] on {jobs} (${keyIndexed('').join(', ')}) where key is not null;
  create index [jobs_due] on {jobs} (processor, queue, rank, due_at, seq) where state in ('waiting', 'running');
  create index [jobs_claim] on {jobs} (claim_id) where state = 'running';
  create index [jobs_lane] on {jobs} (lane) where state = 'running' and lane is not null;
  create index [jobs_ended] on {jobs} (ended_at) where ended_at is not null;
  create index [jobs_tenant] on {jobs} (tenant, seq) where tenant is not null;
  create index [jobs_correlation] on {jobs} (correlation_id) where correlation_id is not null;
  create index [jobs_group] on {jobs} (group_name, seq) where group_name is not null;
  create index [jobs_awaited] on {jobs} (seq) where awaited and ended_at is not null;
  create index [jobs_tags] on {jobs} using gin (tags) where tags is not null;

  create table {edges} (
    awaited bigint not null,
    job bigint not null,
    outcome text collate "C" not null,
    primary key (awaited, job)
  );
  create index [edges_job] on {edges} (job);

  create table {items} (
    job bigint not null,
    place bigint generated always as identity,
    key text collate "C" not null,
    outcome text collate "C" not null,
    value text,
    error text,
    primary key (job, place),
    unique (job, key)
  );

  create table {logs} (
    job bigint not null,
    place bigint generated always as identity,
    at bigint not null,
    level text collate "C" not null,
    message text not null,
    primary key (job, place)
  );

  create table {removed} (job bigint primary key);

  create table {cells} (
    name text collate "C" primary key,
    value text,
    version bigint not null,
    change_id text collate "C" not null
  ) with (fillfactor = 50);

  ${claimFunctionSql};

  ${releaseFunctionSql};
  `,
]

export const versionsSql = `
  create table if not exists {migrations} (version integer primary key, applied_at timestamptz not null default now())`

export interface MigrationSqlOptions {
  /** @defaultValue `'longhaul'` */
  readonly schema?: string
  /** @defaultValue none */
  readonly tablePrefix?: string
  /** The version that the tables have now. @defaultValue 0: there are none */
  readonly from?: number
}

/**
 * What `open()` would do, as text for whoever runs migrations by another tool or another user. It is one
 * transaction. Afterwards `open()` only looks at the version.
 *
 * @throws {OptionsError} when a name is too long.
 */
export function migrationSql({ from = 0, ...place }: MigrationSqlOptions = {}): string {
  const names = namesIn(settingsFrom(place))
  const steps = migrations.slice(from).map((migration, index) => migration + applied(from + index + 1))
  const texts = ['begin', 'create schema if not exists {schema}', versionsSql, ...steps, 'commit']
  return names.into(`${texts.map(text => text.trim()).join(';\n\n')};\n`)
}

export function applied(version: number): string {
  return `insert into {migrations} (version) values (${version})`
}
