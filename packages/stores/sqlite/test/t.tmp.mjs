import { sqliteStore } from '@longhaul/sqlite'
import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import Database from 'better-sqlite3'
const aJob = (d={}) => ({ id: randomUUID(), processor:'work', queue:'default', input:'{"n":1}', priority:0, key:null, lane:null, laneLimit:1, tenant:null, correlationId:null, tags:[], delayMs:0, ...d })
const time = async (name, f, n) => { const t=process.cpuUsage(); const w=performance.now(); await f(); const c=process.cpuUsage(t); const ms=(c.user+c.system)/1000; console.log(name, "cpu", ms.toFixed(1)+"ms", "wall", (performance.now()-w).toFixed(0), n? (n/ms*1000).toFixed(0)+"/cpu-s":"") }
for (const synchronous of ['full','normal']) {
  const file='/tmp/sq/bench.db'; for (const x of ['','-wal','-shm']) rmSync(file+x,{force:true})
  const db=new Database(file); const s=sqliteStore(db,{synchronous}); await s.open()
  const N=10000
  await time(synchronous+' insert 20k (chunks of 1000)', async()=>{ for(let i=0;i<N/1000;i++) await s.insert(Array.from({length:1000},()=>aJob())) }, N)
  await time(synchronous+' claim+commit c=100', async()=>{ for(;;){ const jobs=await s.claim({claimId:randomUUID(),processors:['work'],limit:100,leaseMs:30000}); if(!jobs.length)break; await s.commit(jobs.map(j=>({id:j.id,token:j.token,seq:1,patch:{state:'completed',output:'{}'}}))) } }, N)
  await s.insert(Array.from({length:1000},()=>aJob()))
  await time(synchronous+' claim+commit c=1', async()=>{ for(let i=0;i<1000;i++){ const jobs=await s.claim({claimId:randomUUID(),processors:['work'],limit:1,leaseMs:30000}); await s.commit(jobs.map(j=>({id:j.id,token:j.token,seq:1,patch:{state:'completed',output:'{}'}}))) } }, 1000)
  if (synchronous==='normal') {
    const claim=(d={})=>s.claim({claimId:randomUUID(),processors:['work'],limit:10,leaseMs:300000,...d})
    const warm=async(n,d)=>{ await time(n, async()=>{ for(let i=0;i<20;i++) await claim(d) }) }
    await warm('20 idle claims after 21k ended')
    await s.insert(Array.from({length:50000},()=>aJob({priority:5,delayMs:1e7})))
    await warm('20 idle claims with 50k future at higher priority')
    await s.insert(Array.from({length:50000},()=>aJob({processor:'other',priority:3})))
    await warm('20 idle claims with 50k due of another processor')
    const before=await s.count({}); console.log(before.states.waiting)
    await s.insert(Array.from({length:1000},()=>aJob({lane:'l',priority:2})))
    await time('claim behind 1000 of lane (1st)', ()=>claim())
    await warm('20 claims behind 1000 saturated')
    await s.insert(Array.from({length:50000},()=>aJob({lane:'l',priority:2})))
    await warm('20 claims behind 51000 saturated')
    await time('count all 170k', ()=>s.count({}))
    await time('count state running', ()=>s.count({states:['running']}))
    await time('list all', ()=>s.list({},{limit:50}))
    await time('list failed (none)', ()=>s.list({states:['failed']},{limit:50}))
    await time('list by ids', ()=>s.list({ids:[randomUUID()]},{limit:50}))
    await time('list by lane', ()=>s.list({lane:'nope'},{limit:50}))
    await time('list by key', ()=>s.list({key:'nope'},{limit:50}))
    await time('list by corr', ()=>s.list({correlationId:'nope'},{limit:50}))
    await time('list by tag', ()=>s.list({tag:'nope'},{limit:50}))
    let lag=0,last=performance.now(); const i=setInterval(()=>{const n=performance.now();lag=Math.max(lag,n-last);last=n},1)
    await time('pause 50k', ()=>s.request({kind:'pause'},{processors:['other']})); console.log('lag',lag); lag=0
    await time('cancel 100k', ()=>s.request({kind:'cancel'},{})); console.log('lag',lag); lag=0
    await time('prune 10k', ()=>s.prune({states:['completed','cancelled'],olderThanMs:0,limit:10000})); console.log('lag',lag)
    clearInterval(i)
    const c0=process.cpuUsage(); const stop=await s.listen(()=>{}); await new Promise(r=>setTimeout(r,5000)); const c=process.cpuUsage(c0); await stop(); console.log('idle listen cpu % of a core', ((c.user+c.system)/5e6*100).toFixed(3))
  }
  await s.close(); db.close()
}
