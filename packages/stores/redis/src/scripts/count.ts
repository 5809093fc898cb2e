import { homes } from './homes.js'
import { matching } from './matching.js'
import { script } from './script.js'

/**
 * Counts without reading jobs. Arguments: letters of states, frames of processors and of queues, where a list that
 * starts with `*` takes all. Answers with the sums, each behind its name, and how soon the first job is due, or
 * nothing; `?` where that has to be counted out.
 */
export const tallyScript = script(
  'tally',
  [matching, homes],
  `
local filter = { states = takeSet(), processors = takeSet(), queues = takeSet(), marks = {} }
local waiting = not filter.states or filter.states.w
local running = not filter.states or filter.states.r
local sums, groups, soonest, isAnyParked = {}, {}, math.huge, false

local function isWanted(group)
  if groups[group] == nil then
    groups[group] = matches({ group = group, marks = {} }, { processors = filter.processors,
      queues = filter.queues, marks = {} })
  end
  return groups[group]
end

local function addTally(field, number)
  local what, state, group = match(field, '^(.)(.)(.*)$')
  if not isWanted(group) then return end
  if what == 'k' then
    isAnyParked = true
  elseif not filter.states or filter.states[state] then
    local name = what == 'n' and what .. state or what
    sums[name] = (sums[name] or 0) + number
  end
end

local function firstInLine(group)
  local from, to = startingWith(group)
  while true do
    local name = redis.call('ZRANGEBYLEX', at.line, from, to, 'LIMIT', 0, 1)[1]
    if not name then return end
    soonest = math.min(soonest, tonumber(sub(name, #group + 8, #group + 23)))
    from = '(' .. sub(name, 1, #group + 7) .. '~'
  end
end

-- The lanes of parked jobs are full, so there are no more of them than leases.
local function firstParked()
  local from = '-'
  while true do
    local name = redis.call('ZRANGEBYLEX', at.parked, from, '+', 'LIMIT', 0, 1)[1]
    if not name then return end
    local _, limitAt = frameAt(name, 1)
    local tailAt = behindGroup(name, limitAt + 7)
    if isWanted(sub(name, limitAt + 7, tailAt - 1)) then
      soonest = math.min(soonest, tonumber(sub(name, tailAt + 7, tailAt + 22)))
    end
    from = '(' .. sub(name, 1, tailAt + 6) .. '~'
  end
end

local function firstLease()
  for from = 0, math.huge, 100 do
    local ids = redis.call('ZRANGE', at.leases, from, from + 99)
    for _, job in ipairs(readJobs(ids)) do
      if job and isWanted(job.group) then
        soonest = math.min(soonest, job.due)
        return
      end
    end
    if #ids < 100 then return end
  end
end

local all = redis.call('HGETALL', at.tallies)
for place = 1, #all, 2 do addTally(all[place], tonumber(all[place + 1])) end
if waiting then
  for group, wanted in pairs(groups) do
    if wanted then firstInLine(group) end
  end
  if isAnyParked then firstParked() end
end
if running then firstLease() end

local list = {}
for what, number in pairs(sums) do
  list[#list + 1] = what
  list[#list + 1] = whole(number)
end
local dueIn = soonest == math.huge and '' or whole(soonest - now)
if waiting ~= running and redis.call('ZCARD', at.lapsed) > 0 then dueIn = '?' end
return { list, dueIn }`,
)

/**
 * Arguments: a walk. Answers where to go on, what the jobs that match add up to, how soon the first is due, and when
 * the first was started, or nothing.
 */
export const sumScript = script(
  'sum',
  [matching],
  `
local found, behind = walk()
local sums, dueIn, startedAt = {}, '', ''
local function add(what, number)
  sums[what] = (sums[what] or 0) + number
end
for _, job in ipairs(found) do
  local done, failed, skipped, total = match(job.work, '(%S+) (%S+) (%S+) (%S+)$')
  add('n' .. shownState(job), 1)
  add('d', done)
  add('f', failed)
  add('s', skipped)
  add('t', tonumber(total) or 0)
  if job.started ~= none and (startedAt == '' or job.started < startedAt) then startedAt = job.started end
  if job.state == 'w' or shownState(job) == 'r' then
    dueIn = math.min(dueIn == '' and math.huge or dueIn, job.due - now)
  end
end
local list = {}
for what, number in pairs(sums) do
  list[#list + 1] = what
  list[#list + 1] = whole(number)
end
return { behind, list, dueIn == '' and '' or whole(dueIn), startedAt }`,
)
