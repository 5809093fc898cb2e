import { lanes, wakeUp } from './homes.js'
import { matching } from './matching.js'
import { script } from './script.js'

/**
 * Changes in which queue jobs are, and how soon it is their turn there. Arguments: frame of the queue and rank, of
 * which what stays is empty; then a walk. Answers where to go on, and how many jobs were changed.
 */
export const moveScript = script(
  'move',
  [lanes, matching, wakeUp],
  `
local queue, rank = take(), take()

local function groupAfter(job)
  local processor, queueAt = frameAt(job.group, 1)
  return processor .. (queue == '' and sub(job.group, queueAt) or queue)
end

local function put(job, group, rank)
  local place = (job.lane or '') .. group
  job.group, job.rank = group, rank
  job.fixed = sub(job.fixed, 1, 31) .. rank .. job.limit .. format('%08d', #place) .. place .. '\\0'
end

local function move(job)
  local group, newRank = groupAfter(job), rank == '' and job.rank or rank
  if group == job.group and newRank == job.rank then return false end
  local isInLine = job.state == 'w' or job.state == 'l'
  if isInLine then leaveHome(job) end
  tally(job, -1)
  put(job, group, newRank)
  tally(job, 1)
  if isInLine then enterHome(job) end
  save(job)
  return true
end

local found, behind = walk()
local changed = 0
for _, job in ipairs(found) do
  if move(job) then changed = changed + 1 end
end
if changed > 0 then
  local hasFreed = writeAll()
  if anySoon or hasFreed then wakeListeners() end
end
return { behind, changed }`,
)
