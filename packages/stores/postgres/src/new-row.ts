interface Start {
  readonly state: string
  readonly waitsFor: string
}

const waitsForNobody: Start = { state: "'waiting'", waitsFor: '0' }

/** Adds what `from` holds: columns as of `newColumns`, and the `now` of a clock. */
export function insertSql(from: string, order: string, { state, waitsFor } = waitsForNobody): string {
  return `
    insert into {jobs} (state, id, processor, queue, input, rank, due_at, created_at, key, lane, lane_limit, tenant,
      correlation_id, group_name, note, tags, waits_for)
    select ${state}, id, processor, queue, input, rank, coalesce(run_at, now + delay_ms), now, key, lane, lane_limit,
      tenant, correlation_id, group_name, note, tags::text[], ${waitsFor}
    from ${from} ${order} on conflict do nothing`
}
