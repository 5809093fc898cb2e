import { loadSqliteDriver } from '../packages.mjs'
import { pause } from '../workloads/ledger.mjs'

/** The driver alone, with the least that a lease and a fence need: one transaction claims `concurrency` jobs, one ends them. */
export async function rawSqlite(options) {
  const database = connect(options)
  makeDurable(database, options)
  database.exec(`
    create table if not exists jobs (id integer primary key, state integer not null default 0,
      due_at integer not null, token integer not null default 0, ended_at integer, data text not null);
    create index if not exists due on jobs (due_at) where state < 2`)
  const add = database.prepare('insert into jobs (due_at, data) values (?, ?)')
  const take = database.prepare(`
    update jobs set state = 1, token = token + 1, due_at = @leaseEnd
    where id in (select id from jobs where state < 2 and due_at <= @now order by due_at, id limit @limit)
    returning id, token, data`)
  const end = database.prepare(`
    update jobs set state = 2, ended_at = @now where id = @id and token = @token and state = 1 and due_at > @now`)
  const addAll = database.transaction(many => {
    for (const data of many) add.run(Date.now(), JSON.stringify(data))
  })
  const endAll = database.transaction((jobs, now) => {
    for (const { id, token } of jobs) end.run({ id, token, now })
  })
  const claim = database.transaction((now, limit) => take.all({ now, leaseEnd: now + 30_000, limit }))
  let stopped = false
  let loop = Promise.resolve()

  async function drain(handler) {
    while (!stopped) {
      const jobs = claim.immediate(Date.now(), options.concurrency)
      if (jobs.length === 0) await pause(5)
      await Promise.all(jobs.map(({ data }) => handler(JSON.parse(data))))
      if (jobs.length > 0) endAll.immediate(jobs, Date.now())
    }
  }

  return {
    enqueue: async data => void addAll.immediate([data]),
    enqueueMany: async many => void addAll.immediate(many),
    async work(handler) {
      loop = drain(handler)
    },
    async stop() {
      stopped = true
      await loop
    },
    completed: async () => database.prepare('select count(*) from jobs where state = 2').pluck().get(),
    close: async () => void database.close(),
  }
}

export function connect({ target, onStatement }) {
  const Database = loadSqliteDriver()
  return new Database(target, onStatement ? { verbose: onStatement } : {})
}

/** plainjob sets `normal` by itself, so this comes after it. */
export function makeDurable(database, { synchronous }) {
  database.pragma('journal_mode = wal')
  database.pragma('busy_timeout = 5000')
  database.pragma(`synchronous = ${synchronous}`)
}
