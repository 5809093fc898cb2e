import { args } from './basics.js'
import { edges } from './edges.js'
import { lanes } from './homes.js'
import { matching } from './matching.js'
import { script } from './script.js'

/**
 * Arguments: least age, how many to look at and to delete, the end and ref behind which to start or nothing,
 * letters of states, processors. Answers how many jobs were deleted, and where to go on, or nothing at the end. One
 * that another job waits for is passed over.
 */
export const pruneScript = script(
  'prune',
  [matching, lanes, edges, args],
  `
local before, looks, deletes, behind = now - takeNumber(), takeNumber(), takeNumber(), take()
local states, filter = take(), { processors = takeSet(), marks = {} }

-- The ends of each state, oldest first, as end and ref.
local ends = {}
for state in string.gmatch(states, '.') do
  local from = behind == '' and '[' .. state or '(' .. state .. behind
  local to = '[' .. state .. digits(before) .. '~'
  for _, name in ipairs(redis.call('ZRANGEBYLEX', at.ended, from, to, 'LIMIT', 0, looks)) do
    ends[#ends + 1] = sub(name, 2)
  end
end
table.sort(ends)

local function forgetRecords(seq)
  for _, kind in ipairs({ 'items', 'logs' }) do
    if redis.call('HEXISTS', at.recorded, seq .. kind) == 1 then zset(at.removed, seq, '0') end
  end
end

local function forgetMarks(job, marks)
  if not marks then return end
  hset(at.marks, job.id, false)
  eachMark(marks, function(kind, name, frame)
    if kind == 'u' then hset(at.keys, name, false) else zset(at.index, frame .. job.ref, false) end
  end)
end

local function delete(job, marks)
  leaveHome(job)
  tally(job, -1)
  hset(at.jobs, job.id, false)
  for _, letter in ipairs({ 'i', 'c', 'e', 'm', 'o' }) do
    if job[letter] == '+' then hset(at.texts, letter .. job.id, false) end
  end
  forgetMarks(job, marks)
  if job.waits ~= nobody then forgetAwaited(job) end
  zset(at.order, job.ref, false)
  forgetRecords(job.seq)
end

local ids = {}
for place = 1, math.min(looks, #ends) do ids[place] = sub(ends[place], 32) end
local marks = readFields(at.marks, ids)
local deleted, last = 0, #ids == looks and ends[looks] or ''
for place, job in ipairs(readJobs(ids)) do
  if job and matches(job, filter) and not isAwaited(job) then
    delete(job, marks[place])
    deleted = deleted + 1
    if deleted == deletes then
      last = ends[place]
      break
    end
  end
end
if deleted > 0 then writeAll() end
return { deleted, last }`,
)

/** Deletes a chunk of the records of deleted jobs. Argument: its size. Answers 1 while there may be more. */
export const sweepScript = script(
  'sweep',
  [lanes, args],
  `
local most = takeNumber()
local seq = redis.call('ZRANGE', at.removed, 0, 0)[1]
if not seq then return 0 end

local function lastFields(kind, count)
  local last = tonumber(redis.call('HGET', at.recorded, seq .. kind) or 0)
  local fields = {}
  for place = math.max(1, last - count + 1), last do fields[#fields + 1] = seq .. ':' .. place end
  hset(at.recorded, seq .. kind, last > count and whole(last - count) or false)
  return fields
end

local items = lastFields('items', most)
for place, item in ipairs(readFields(at.items, items)) do
  if item then hset(at.places, seq .. frameAt(item, 1), false) end
  hset(at.items, items[place], false)
end
for _, field in ipairs(lastFields('logs', most - #items)) do hset(at.logs, field, false) end

local isLast = not (hashes[at.recorded][seq .. 'items'] or hashes[at.recorded][seq .. 'logs'])
if isLast then zset(at.removed, seq, false) end
writeAll()
return 1`,
)
