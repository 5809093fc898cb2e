import { args, many } from './basics.js'
import { homes } from './homes.js'
import { matching } from './matching.js'
import { answers, rows } from './rows.js'
import { script } from './script.js'

/** Arguments: ids. Answers with those jobs that are there. */
export const getScript = script(
  'get',
  [args, many, answers],
  `
local rows = {}
for _, row in ipairs(readFields(at.jobs, takeList())) do
  if row then rows[#rows + 1] = row end
end
return wholeJobs(rows)`,
)

/** Arguments: a walk. Answers where to go on, and with the heads of the jobs that match. */
export const listScript = script(
  'list',
  [matching, answers],
  `
local found, behind = walk()
return { behind, headsOf(rowsOf(found)) }`,
)

/** Arguments: ids. Answers with the refs of those that are there, the newest first. */
export const resolveScript = script(
  'resolve',
  [args, rows],
  `
local refs, seen = {}, {}
for _, job in ipairs(readJobs(takeList())) do
  if job and not seen[job.id] then
    refs[#refs + 1] = job.ref
    seen[job.id] = true
  end
end
return newestFirst(refs)`,
)

/**
 * Arguments: letters of states, and how many jobs are few. Answers with the refs of all jobs that may be in one of
 * the states, or with nothing where they are not few.
 */
export const residentsScript = script(
  'residents',
  [args, homes],
  `
local lists, size = {}, 0
local function add(key, count, refAt, from, to)
  lists[#lists + 1] = { key = key, refAt = refAt, from = from or '-', to = to or '+' }
  size = size + count
end

local function behindTail(from)
  return function(name) return behindGroup(name, from(name)) + 23 end
end

local function behindState() return 18 end
local function atOnce() return 1 end
local function behindLane(name)
  local _, limitAt = frameAt(name, 1)
  return limitAt + 7
end

local hasRunning = false
for state in string.gmatch(take(), '.') do
  if state == 'w' then
    add(at.line, redis.call('ZCARD', at.line), behindTail(atOnce))
    add(at.parked, redis.call('ZCARD', at.parked), behindTail(behindLane))
  elseif state == 'r' then
    hasRunning = true
    size = size + redis.call('ZCARD', at.leases)
    add(at.lapsed, redis.call('ZCARD', at.lapsed), atOnce)
  elseif state == 'p' then
    add(at.paused, redis.call('ZCARD', at.paused), atOnce)
  elseif state == 'b' then
    add(at.blocked, redis.call('ZCARD', at.blocked), atOnce)
  elseif hasEnded(state) then
    local from, to = startingWith(state)
    add(at.ended, redis.call('ZLEXCOUNT', at.ended, from, to), behindState, from, to)
  end
end
if size > takeNumber() then return false end

local refs, seen = {}, {}
local function addRef(ref)
  if not seen[ref] then refs[#refs + 1] = ref end
  seen[ref] = true
end
for _, list in ipairs(lists) do
  for _, name in ipairs(redis.call('ZRANGEBYLEX', list.key, list.from, list.to)) do
    if byte(name) ~= 33 then addRef(sub(name, list.refAt(name))) end
  end
end
if hasRunning then
  for _, job in ipairs(readJobs(redis.call('ZRANGE', at.leases, 0, -1))) do
    if job then addRef(job.ref) end
  end
end
return newestFirst(refs)`,
)
