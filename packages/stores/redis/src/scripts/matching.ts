import { args } from './basics.js'
import { rows } from './rows.js'
import type { Piece } from './script.js'

/**
 * Walks a part of the jobs, the newest first, and gives those that match a filter. Arguments: `order`, the frame
 * of a mark, or a list of seqs from the newest on (`given`); the seq behind which the walk starts, or nothing; how
 * many to look at and how many to find; then the filter: letters of states, frames of processors, of queues, and
 * of marks. A list that starts with `*` takes all.
 */
export const matching: Piece = {
  needs: [args, rows],
  lua: `
local function someSeqs(from, after, count)
  if from == 'order' then
    local start = after == '' and '+inf' or '(' .. tonumber(after)
    return redis.call('ZREVRANGEBYSCORE', at.order, start, '-inf', 'LIMIT', 0, count)
  end
  local start = after == '' and '(' .. from .. '\\255' or '(' .. from .. after
  local seqs = redis.call('ZREVRANGEBYLEX', at.index, start, '[' .. from, 'LIMIT', 0, count)
  for place, name in ipairs(seqs) do seqs[place] = sub(name, -15) end
  return seqs
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

local function hasMarks(seq, wanted)
  if #wanted == 0 then return true end
  local marks = redis.call('HGET', at.marks, seq)
  for _, mark in ipairs(wanted) do
    if not hasMark(marks, mark) then return false end
  end
  return true
end

local function matches(job, filter)
  if filter.states and not filter.states[job.state] then return false end
  if filter.processors or filter.queues then
    local processor, behind = frameAt(job.group, 1)
    if filter.processors and not filter.processors[processor] then return false end
    if filter.queues and not filter.queues[sub(job.group, behind)] then return false end
  end
  return hasMarks(job.seq, filter.marks)
end

-- Answers the jobs, and the seq behind which there may be more, or nothing.
local function walk()
  local from, after, looks, finds, seqs = take(), take(), takeNumber(), takeNumber(), nil
  if from == 'given' then seqs = takeList() else seqs = someSeqs(from, after, looks) end
  local filter, found = takeFilter(), {}
  for place, job in ipairs(readJobs(seqs)) do
    if job and matches(job, filter) then found[#found + 1] = job end
    if #found == finds then return found, seqs[place] end
  end
  return found, #seqs == looks and seqs[#seqs] or ''
end`,
}
