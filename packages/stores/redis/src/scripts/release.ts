import { edges } from './edges.js'
import type { Piece } from './script.js'

/** Tells those who wait for a job that it has ended: they wait for one less, or in vain. */
export const release: Piece = {
  needs: [edges],
  lua: `
-- Jobs that a script has read and may have changed, by id: whoever changes one further must start from there.
local inHands = {}
local ended, told = {}, {}

-- To be called with each job that was changed.
local function noteEnd(job)
  if job.awaited == 'a' and hasEnded(job.state) then ended[#ended + 1] = job end
end

local function takeInHands(found)
  local ids = {}
  for _, edge in ipairs(found) do
    local id = waiterIn(edge)
    if not inHands[id] then ids[#ids + 1] = id end
  end
  for place, job in ipairs(readJobs(ids)) do inHands[ids[place]] = job end
end

local function become(job, state)
  leaveHome(job)
  tally(job, -1)
  job.state = state
  job.ended = hasEnded(state) and moment or none
  tally(job, 1)
  enterHome(job)
end

local function countDown(job)
  job.waits = format('%07d', job.waits - 1)
  if job.waits ~= nobody then return end
  hset(at.awaits, job.id, false)
  if job.state == 'b' then become(job, 'w') end
end

local function cancelInVain(job)
  if job.state ~= 'b' and job.state ~= 'p' then return end
  become(job, 'x')
  noteEnd(job)
end

local function tell(job, edge, state)
  told[job.id] = job
  if not satisfies(state, outcomeIn(edge)) then return cancelInVain(job) end
  zset(at.waiters, edge, false)
  countDown(job)
end

-- Must come before all is written. The list grows while those who wait in vain end too.
local function tellWaiters()
  local place = 1
  while ended[place] do
    local found = edgesTo(ended[place].seq, -1)
    takeInHands(found)
    for _, edge in ipairs(found) do
      local job = inHands[waiterIn(edge)]
      if job then tell(job, edge, ended[place].state) end
    end
    place = place + 1
  end
  for _, job in pairs(told) do save(job) end
end`,
}
