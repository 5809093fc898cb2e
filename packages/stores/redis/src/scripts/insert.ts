import { soonMs } from '@longhaul/core/store'
import { after } from './after.js'
import { counting, many } from './basics.js'
import { wakeUp } from './homes.js'
import { answers, instants } from './rows.js'
import { type Piece, quickScript } from './script.js'

/** One run of jobs that are all new and have no marks, which is what nearly all inserts bring. */
const alone: Piece = {
  needs: [instants, many, counting, wakeUp],
  lua: `
-- Answers their ids, or nothing where there is more to them.
local function newIds(count)
  if ARGV[5] ~= '-' or sub(ARGV[3], 11, 11) == '+' or #ARGV ~= 6 + 2 * count then return nil end
  local ids, seen = {}, {}
  for place = 1, count do ids[place] = ARGV[5 + 2 * place] end
  local known = readFields(at.jobs, ids)
  for place = 1, count do
    local id = ids[place]
    if known[place] or seen[id] then return nil end
    seen[id] = true
  end
  return ids
end

local function dueIn(text)
  local number = tonumber(sub(text, 2)) or error('a due time is not a number')
  return sub(text, 1, 1) == '+' and now + number or number
end

local function addAll(ids, counter, due, group, flags, alike)
  local front = 'w-' .. due .. none .. none .. '-' .. noToken .. none .. flags .. moment
  local lead = group .. sub(alike, 1, 7) .. due
  local rows, places, names = {}, {}, {}
  for place = 1, #ids do
    local id, seq = ids[place], format('%015d', counter + place)
    local ref = seq .. id
    rows[2 * place - 1], rows[2 * place] = id, front .. seq .. alike .. id .. ARGV[6 + 2 * place]
    places[2 * place - 1], places[2 * place] = '0', ref
    names[2 * place - 1], names[2 * place] = '0', lead .. ref
  end
  redis.call('SET', at.counter, whole(counter + #ids))
  inParts('HSET', at.jobs, rows)
  inParts('ZADD', at.order, places)
  inParts('ZADD', at.line, names)
end`,
}

const anyJobs = {
  needs: [after, answers],
  lua: `
local runs = takeRuns()
lookUp(runs)
if anyWaits then
  local id, unknown = unknownIn(runs)
  if id then return { 'unknown', id, unknown } end
end
for _, run in ipairs(runs) do
  if run.afters then addWaiting(run) else addRun(run) end
end

local fresh, stored = {}, {}
for _, run in ipairs(runs) do
  for place = 1, #run.ids do
    local id = run.stored[place]
    fresh[#fresh + 1] = id and '0' or '1'
    if id then stored[#stored + 1] = id end
  end
end

if counter > counterBefore then
  writeNewcomers()
  writeAll()
  if anySoon then wakeListeners() end
end
return { whole(now), table.concat(fresh), wholeJobs(readFields(at.jobs, stored)) }`,
}

/**
 * Arguments: how many runs of jobs, and the runs. Answers with the time, a text that has 1 for each job that is as it
 * came (nothing if all are), and the others, in order: those that were there before, and those that wait for others.
 * Or with `unknown`, the id of a job, and whom it can't wait for. Its first write needs memory: where there is none,
 * nothing is written.
 */
export const insertScript = quickScript(
  'insert',
  [alone],
  anyJobs,
  `
local ids = ARGV[1] == '1' and newIds(tonumber(ARGV[6]) or 0)
if not ids then return rarely() end
local due, flags, alike = dueIn(ARGV[2]), ARGV[3], ARGV[4]
local group = sub(alike, 23, 22 + tonumber(sub(alike, 15, 22)))
addAll(ids, tonumber(redis.call('GET', at.counter) or 0), digits(due), group, flags, alike)
redis.call('ZADD', at.groups, '0', group)
tallyUp('nw' .. group, #ids)
if due <= now + ${soonMs} then wakeListeners() end
return { whole(now), '', { {}, {} } }`,
)
