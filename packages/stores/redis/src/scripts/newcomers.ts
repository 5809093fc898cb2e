import { soonMs } from '@longhaul/core/store'
import { args } from './basics.js'
import { lanes } from './homes.js'
import type { Piece } from './script.js'

/**
 * Adds jobs, as `insert` and as what follows on a write. They come in runs of jobs that are alike. A run has: `+` and
 * a delay or `@` and an instant, with 16 digits; the flags of a row from that of the lane on; its part from the rank
 * to the work; `m` if its jobs have marks and `a` if they wait for others, else `-`; how many there are; and for each
 * its id and the rest of its row, then its marks if the run says so, of which one that starts with `u` is unique, its
 * input if the flags say that it is long, and whom it waits for (see `after`).
 */
export const newcomers: Piece = {
  needs: [args, lanes],
  lua: `
local counter = tonumber(redis.call('GET', at.counter) or 0)
local counterBefore = counter
local unclaimed = none .. none .. '-' .. noToken .. none
local grown, anyWaits = {}, false
-- What is there: true for a stored id, and for a new one the place of its row in \`rowsToAdd\`.
local known, idOfKey = {}, {}
-- The id of the job that is the answer to another id.
local answers = {}

local function takeDue()
  local due = take()
  local number = tonumber(sub(due, 2)) or error('a due time is not a number')
  return sub(due, 1, 1) == '+' and now + number or number
end

local function takeJobs(run)
  local ids, rests, hasMore = run.ids, run.rests, run.hasMarks or run.isLong or run.afters
  for place = 1, takeNumber() do
    ids[place], rests[place] = ARGV[argument + 1], ARGV[argument + 2]
    argument = argument + 2
    if hasMore and run.hasMarks then run.marks[place] = take() end
    if hasMore and run.isLong then run.inputs[place] = take() end
    if hasMore and run.afters then run.afters[place] = take() end
  end
  if argument > #ARGV then error('an argument is missing') end
end

local function takeRun()
  local run = { due = takeDue(), flags = take(), alike = take(), ids = {}, rests = {}, marks = {}, inputs = {},
    stored = {} }
  local more = take()
  run.hasMarks, run.afters = find(more, 'm', 1, true), find(more, 'a', 1, true) and {}
  anyWaits = anyWaits or run.afters
  run.laneFlag, run.isLong = sub(run.flags, 1, 1), sub(run.flags, 11, 11) == '+'
  splitPlace(run, sub(run.alike, 23, 22 + tonumber(sub(run.alike, 15, 22))))
  takeJobs(run)
  return run
end

local function takeRuns()
  local runs = {}
  for place = 1, takeNumber() do runs[place] = takeRun() end
  return runs
end

-- Must come before the runs are added, and again where more come later.
local function lookUp(runs)
  for _, run in ipairs(runs) do
    local ids = run.ids
    local rows = readFields(at.jobs, ids)
    for place = 1, #ids do
      if rows[place] then known[ids[place]] = true end
    end
  end
end

local function keyIn(marks)
  local key
  eachMark(marks, function(kind, name)
    if kind == 'u' then key = name end
  end)
  return key
end

local function idWithKey(key)
  if idOfKey[key] == nil then idOfKey[key] = redis.call('HGET', at.keys, key) end
  return idOfKey[key]
end

local function keepMarks(id, ref, marks)
  hset(at.marks, id, marks)
  eachMark(marks, function(kind, name, frame)
    if kind == 'u' then
      idOfKey[name] = id
      hset(at.keys, name, id)
    else
      zset(at.index, frame .. ref, '0')
    end
  end)
end

-- The id of the job that is in the way of one.
local function storedFor(run, place)
  local id = run.ids[place]
  if known[id] then return id end
  local key = run.hasMarks and keyIn(run.marks[place])
  return key and idWithKey(key)
end

local rowsToAdd, placesToAdd, namesToAdd = listFor('HSET', at.jobs), listFor('ZADD', at.order), listFor('ZADD', at.line)
local added, lined = 0, 0

-- Answers the ref. Where the job is at home is not said yet.
local function add(id, front, run, place)
  counter, added = counter + 1, added + 2
  local seq = format('%015d', counter)
  local ref = seq .. id
  local row = #rowsToAdd + 2
  rowsToAdd[row - 1], rowsToAdd[row] = id, front .. seq .. run.alike .. id .. run.rests[place]
  placesToAdd[added - 1], placesToAdd[added] = '0', ref
  known[id] = row
  if run.hasMarks then keepMarks(id, ref, run.marks[place]) end
  if run.isLong then hset(at.texts, 'i' .. id, run.inputs[place]) end
  return ref
end

-- Notes in \`run.stored\` which job is in the way of one, by place.
local function addRun(run)
  local due, before, ids = digits(run.due), counter, run.ids
  local front, lead = 'w-' .. due .. unclaimed .. run.flags .. moment, run.group .. sub(run.alike, 1, 7) .. due
  for place = 1, #ids do
    local id = ids[place]
    local stored = (known[id] or run.hasMarks) and storedFor(run, place)
    if stored then
      run.stored[place], answers[id] = stored, stored
    else
      lined = lined + 2
      namesToAdd[lined - 1], namesToAdd[lined] = '0', lead .. add(id, front, run, place)
    end
  end
  if counter == before then return end
  grown[run.group] = (grown[run.group] or 0) + counter - before
  anySoon = anySoon or run.due <= now + ${soonMs}
end

-- Must come before all else is written, for where there is no memory left it is refused.
local function writeNewcomers()
  if counter == counterBefore then return end
  redis.call('SET', at.counter, whole(counter))
  for group, count in pairs(grown) do
    zset(at.groups, group, '0')
    addTo('nw', group, count)
  end
end`,
}
