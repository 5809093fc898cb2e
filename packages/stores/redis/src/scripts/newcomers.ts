import { args } from './basics.js'
import { lanes } from './homes.js'
import type { Piece } from './script.js'

/**
 * Adds jobs, as `insert` and as what follows on a write. They come in runs of jobs that are alike. A run has: `+` and
 * a delay or `@` and an instant, with 16 digits; the flags of a row from that of the lane on; its part from the rank
 * to the work; `1` if its jobs have marks; how many there are; and for each its id and the rest of its row, then its
 * marks if the run says so, of which one that starts with `u` is unique, and its input if the flags say that it is
 * long.
 */
export const newcomers: Piece = {
  needs: [args, lanes],
  lua: `
local counter = tonumber(redis.call('GET', at.counter) or 0)
local counterBefore = counter
local unclaimed = none .. none .. '-' .. noToken .. none
local known, idOfKey = {}, {}
local anyDue, grown = false, {}

local function takeDue()
  local due = take()
  local number = tonumber(sub(due, 2)) or error('a due time is not a number')
  return sub(due, 1, 1) == '+' and now + number or number
end

local function takeJobs(run)
  for place = 1, takeNumber() do
    run.ids[place], run.rests[place] = ARGV[argument + 1], ARGV[argument + 2]
    argument = argument + 2
    if run.hasMarks then run.marks[place] = take() end
    if run.isLong then run.inputs[place] = take() end
  end
  if argument > #ARGV then error('an argument is missing') end
end

local function takeRun()
  local run = { due = takeDue(), flags = take(), alike = take(), hasMarks = take() == '1', ids = {}, rests = {},
    marks = {}, inputs = {} }
  run.laneFlag, run.isLong = sub(run.flags, 1, 1), sub(run.flags, 3, 3) == '+'
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
    for place, row in ipairs(readFields(at.jobs, run.ids)) do
      if row then known[run.ids[place]] = true end
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

local additions = { jobs = listFor('HSET', at.jobs), order = listFor('ZADD', at.order), line = listFor('ZADD', at.line) }
local added = 0

local function add(run, place, front, lead)
  local id = run.ids[place]
  counter = counter + 1
  local seq = format('%015d', counter)
  local ref = seq .. id
  local jobs, order, line = additions.jobs, additions.order, additions.line
  jobs[added + 1], jobs[added + 2] = id, front .. seq .. run.alike .. id .. run.rests[place]
  order[added + 1], order[added + 2] = '0', ref
  line[added + 1], line[added + 2] = '0', lead .. ref
  added = added + 2
  known[id] = true
  if run.hasMarks then keepMarks(id, ref, run.marks[place]) end
  if run.isLong then hset(at.texts, 'i' .. id, run.inputs[place]) end
end

-- Tells of each job whether it is new, and of one that is not, which is in its way.
local function addRun(run, tell)
  local due, before = digits(run.due), counter
  local front = 'w-' .. due .. unclaimed .. run.flags .. moment
  local lead = run.group .. sub(run.alike, 1, 7) .. due
  for place = 1, #run.ids do
    local stored = storedFor(run, place)
    if not stored then add(run, place, front, lead) end
    if tell then tell(stored) end
  end
  if counter == before then return end
  grown[run.group] = (grown[run.group] or 0) + counter - before
  anyDue = anyDue or run.due <= now
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
