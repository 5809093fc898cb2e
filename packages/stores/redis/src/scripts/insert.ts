import { wakeUp } from './homes.js'
import { newcomers } from './newcomers.js'
import { columns } from './rows.js'
import { script } from './script.js'

/**
 * Arguments: how many jobs, and the jobs. Answers with the time, a text that has 1 for each job that is new, and
 * those that were there before, in order. Its first write needs memory: where there is none, nothing is written.
 */
export const insertScript = script(
  'insert',
  [newcomers, columns, wakeUp],
  `
local jobs = {}
for place = 1, takeNumber() do jobs[place] = takeJob() end

local ids = {}
for place, job in ipairs(jobs) do ids[place] = job.id end
for place, seq in ipairs(readFields(at.ids, ids)) do seqOfId[ids[place]] = seq end

local fresh, known = {}, {}
for place, job in ipairs(jobs) do
  local seq, isNew = insert(job)
  fresh[place] = isNew and '1' or '0'
  if not isNew then known[#known + 1] = seq end
end

if #known < #jobs then
  writeNewcomers()
  writeAll()
  if anyDue then wakeListeners() end
end
return { whole(now), table.concat(fresh), wholeJobs(seqsAndRows(readJobs(known))) }`,
)
