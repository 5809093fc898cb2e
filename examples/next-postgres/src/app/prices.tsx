'use client'

import { createClient, type RemoteJob } from '@longhaul/http/client'
import { useEffect, useState } from 'react'
import type { processors } from '../jobs/runner.js'

const client = createClient<typeof processors>({ url: '/api/jobs' })
const products = 60

/** Starts a job, and shows how far it is. */
export function Prices() {
  const [id, setId] = useState<string>()
  const { job, trouble } = useJob(id)
  const isBusy = id !== undefined && !trouble && job?.endedAt == null
  const start = async () => setId((await client.enqueue('refresh-prices', { products })).id)

  return (
    <>
      <h1>Prices</h1>
      <button type="button" onClick={start} disabled={isBusy}>
        Refresh {products} prices
      </button>
      {job && <Progress job={job} />}
      {trouble && <p role="alert">{trouble}</p>}
    </>
  )
}

function Progress({ job: { state, progress, counters, eta } }: { readonly job: RemoteJob }) {
  const percent = Math.round(progress.percent ?? 0)
  return (
    <section aria-live="polite">
      <progress max={100} value={percent} aria-label="Progress" />
      <p>
        <output>{percent} %</output> <span data-state={state}>{state.replaceAll('_', ' ')}</span>
      </p>
      <p>
        {counters.refreshed ?? 0} refreshed, {counters.dearer ?? 0} dearer
        {eta && `, ${Math.ceil(eta.remainingMs / 1_000)} s left`}
      </p>
    </section>
  )
}

/** A job as it is now, as long as it is looked at. */
function useJob(id: string | undefined) {
  const [job, setJob] = useState<RemoteJob>()
  const [trouble, setTrouble] = useState<string>()

  useEffect(() => {
    if (id === undefined) return
    const leaving = new AbortController()
    follow(id, leaving.signal, setJob).catch(error => setTrouble(String(error.message)))
    return () => leaving.abort()
  }, [id])

  return { job, trouble }
}

async function follow(id: string, signal: AbortSignal, show: (job: RemoteJob) => void): Promise<void> {
  for await (const job of client.watch(id, { signal })) show(job)
}
