import { sqliteStore } from '@longhaul/sqlite'
import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import Database from 'better-sqlite3'
const aJob = (d={}) => ({ id: randomUUID(), processor:'work', queue:'default', input:'{"n":1}', priority:0, key:null, lane:null, laneLimit:1, tenant:null, correlationId:null, tags:[], delayMs:0, ...d })
const time = async (name, f, n) => { const t=process.cpuUsage(); const w=performance.now(); await f(); const c=process.cpuUsage(t); const ms=(c.user+c.system)/1000; console.log(name, "cpu", ms.toFixed(1)+"ms", "wall", (performance.now()-w).toFixed(0), n? (n/ms*1000).toFixed(0)+"/cpu-s":"") }
  const file='/tmp/sq/bench.db'; for (const x of ['','-wal','-shm']) rmSync(file+x,{force:true})
  const db=new Database(file); const s=sqliteStore(db,{synchronous:process.env.SYNC??'normal'}); await s.open()
  const N=20000
  await time(' insert', async()=>{ for(let i=0;i<N/1000;i++) await s.insert(Array.from({length:1000},()=>aJob())) }, N)
  let tc=0
  await time(' claim+commit c=100', async()=>{ for(;;){ const w=performance.now(); const jobs=await s.claim({claimId:randomUUID(),processors:['work'],limit:100,leaseMs:30000}); tc+=performance.now()-w; if(!jobs.length)break; await s.commit(jobs.map(j=>({id:j.id,token:j.token,seq:1,patch:{state:'completed',output:'{}'}}))) } }, N)
  console.log('claim part', tc)
  const q=db.prepare("select data_version || '.' || total_changes() as seen from pragma_data_version")
  const q2=db.prepare("pragma data_version"), q3=db.prepare('select total_changes() c')
  await time('writesSql x1000', async()=>{for(let i=0;i<1000;i++)q.get()})
  await time('2 stmts x1000', async()=>{for(let i=0;i<1000;i++){q2.get();q3.get()}})
    await new Promise(r=>setTimeout(r,1000))
    for (const ms of [1e9,25]) { const l=sqliteStore(db,{listenEveryMs:ms}); await l.open(); const stop=await l.listen(()=>{}); const c0=process.cpuUsage();  await new Promise(r=>setTimeout(r,4000)); const c=process.cpuUsage(c0); await stop(); console.log('idle listen', ms,'cpu % of a core', ((c.user+c.system)/4e6*100).toFixed(3)) }
await s.close(); db.close()
