import { wakeUp } from './homes.js'
import { newcomers } from './newcomers.js'
import { answers } from './rows.js'
import { script } from './script.js'

/**
 * Arguments: how many runs of jobs, and the runs. Answers with the time, a text that has 1 for each job that is new
 * (nothing if all are), and those that were there before, in order. Its first write needs memory: where there is
 * none, nothing is written.
 */
export const insertScript = script(
  'insert',
  [newcomers, answers, wakeUp],
  `
local runs = takeRuns()
lookUp(runs)

for _, run in ipairs(runs) do addRun(run) end

local fresh, stored = {}, {}
local function tell(run)
  for place = 1, #run.ids do
    local id = run.stored[place]
    fresh[#fresh + 1] = id and '0' or '1'
    if id then stored[#stored + 1] = id end
  end
end
local anyStored = false
for _, run in ipairs(runs) do anyStored = anyStored or next(run.stored) ~= nil end
if anyStored then
  for _, run in ipairs(runs) do tell(run) end
end

if counter > counterBefore then
  writeNewcomers()
  writeAll()
  if anyDue then wakeListeners() end
end
return { whole(now), table.concat(fresh), wholeJobs(readFields(at.jobs, stored)) }`,
)
