import pg from 'pg'

/** Statements that the server ran for anyone, by pg_stat_statements, without those of this counter. */
export async function createCounter(url) {
  const client = new pg.Client(url)
  await client.connect()
  await client.query('create extension if not exists pg_stat_statements')
  return {
    async count() {
      const { rows } = await client.query(
        `select coalesce(sum(calls), 0)::int as calls from pg_stat_statements where query not like '%pg_stat_statements%'`,
      )
      return rows[0].calls
    },
    close: () => client.end(),
  }
}
