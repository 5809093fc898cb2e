import pg from 'pg'
import { pause } from '../workloads/ledger.mjs'

/**
 * pg alone, with the least that a lease and a fence need: one statement claims `concurrency` jobs, one ends them.
 * There are two such loops, so that one claims while the other waits for the disk.
 */
export async function rawPostgres({ url, target, concurrency }) {
  const pool = new pg.Pool({ connectionString: url, max: 10 })
  const jobs = `"${target}".jobs`
  const ask = (name, text, values) => pool.query({ name, text, values })
  pool.on('error', console.error)
  await pool.query(tables(target))
  let stopped = false
  let loops = Promise.resolve()

  async function drain(handler) {
    while (!stopped) {
      const { rows } = await ask('claim', claimSql(jobs), [concurrency])
      await Promise.all(rows.map(({ data }) => handler(JSON.parse(data))))
      const held = [rows.map(({ id }) => id), rows.map(({ token }) => token)]
      if (rows.length > 0) await ask('end', endSql(jobs), held)
      else await pause(5)
    }
  }

  const insert = many =>
    ask('insert', `insert into ${jobs} (data) select unnest($1::text[])`, [
      many.map(data => JSON.stringify(data)),
    ])

  return {
    enqueue: data => insert([data]),
    enqueueMany: insert,
    async work(handler) {
      loops = Promise.all([drain(handler), drain(handler)])
    },
    async stop() {
      stopped = true
      await loops
    },
    completed: async () =>
      (await pool.query(`select count(*)::int as completed from ${jobs} where state = 2`)).rows[0].completed,
    close: () => pool.end(),
  }
}

const tables = schema => `
  create schema if not exists "${schema}";
  create table if not exists "${schema}".jobs (
    id bigint generated always as identity primary key, state smallint not null default 0,
    due_at timestamptz not null default now(), token int not null default 0, ended_at timestamptz, data text not null
  );
  create index if not exists due on "${schema}".jobs (due_at, id) where state < 2`

const claimSql = jobs => `
  with due as materialized (
    select id from ${jobs} where state < 2 and due_at <= now() order by due_at, id limit $1 for update skip locked)
  update ${jobs} set state = 1, token = token + 1, due_at = now() + interval '30 s'
  where id in (select id from due) returning id, token, data`

const endSql = jobs => `
  update ${jobs} as job set state = 2, ended_at = now() from unnest($1::bigint[], $2::int[]) as held (id, token)
  where job.id = held.id and job.token = held.token and state = 1 and due_at > now()`
