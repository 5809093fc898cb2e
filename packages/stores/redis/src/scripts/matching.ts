import { args } from './basics.js'
import { rows } from './rows.js'
import type { Piece } from './script.js'

/**
 * Walks a part of the jobs, the newest first, and gives those that match a filter. Arguments: `order`, the frame
 * of a mark, or a list of refs from the newest on (`given`); the seq behind which the walk starts, or nothing; how
 * many to look at and how many to find; then the filter: letters of states, frames of processors, of queues, and
 * of marks. A list that starts with `*` takes all.
 */
export const matching: Piece = {
  needs: [args, rows],
  lua: `
local function someRefs(from, after, count)
  if from == 'order' then
    return redis.call('ZREVRANGEBYLEX', at.order, after == '' and '+' or '(' .. after, '-', 'LIMIT', 0, count)
  end
  local start = after == '' and '(' .. from .. '\\255' or '(' .. from .. after
  local refs = redis.call('ZREVRANGEBYLEX', at.index, start, '[' .. from, 'LIMIT', 0, count)
  for place, name in ipairs(refs) do refs[place] = sub(name, #from + 1) end
  return refs
end

local function takeSet()
  local list = takeList()
  if list[1] == '*' then return nil end
  local set = {}
  for _, member in ipairs(list) do set[member] = true end
  return set
end

local function takeFilter()
  return { states = takeSet(), processors = takeSet(), queues = takeSet(), marks = takeList() }
end

local function hasMark(marks, wanted)
  local from = 1
  while marks and from <= #marks do
    local frame, next = frameAt(marks, from)
    if frame == wanted then return true end
    from = next
  end
  return false
end

local function hasMarks(id, wanted)
  if #wanted == 0 then return true end
  local marks = redis.call('HGET', at.marks, id)
  for _, mark in ipairs(wanted) do
    if not hasMark(marks, mark) then return false end
  end
  return true
end

local function matches(job, filter)
  if filter.states and not filter.states[shownState(job)] then return false end
  if filter.processors or filter.queues then
    local processor, behind = frameAt(job.group, 1)
    if filter.processors and not filter.processors[processor] then return false end
    if filter.queues and not filter.queues[sub(job.group, behind)] then return false end
  end
  return hasMarks(job.id, filter.marks)
end

-- Answers the jobs, and the seq behind which there may be more, or nothing.
local function walk()
  local from, after, looks, finds, refs = take(), take(), takeNumber(), takeNumber(), nil
  if from == 'given' then refs = takeList() else refs = someRefs(from, after, looks) end
  local filter, found = takeFilter(), {}
  for _, job in ipairs(readJobs(idsOf(refs))) do
    if job and matches(job, filter) then found[#found + 1] = job end
    if #found == finds then return found, found[finds].seq end
  end
  return found, #refs == looks and sub(refs[#refs], 1, 15) or ''
end`,
}
