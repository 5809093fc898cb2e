import { edges } from './edges.js'
import { newcomers } from './newcomers.js'
import type { Piece } from './script.js'

/** Adds jobs that wait for others. Whom one waits for comes as the letter of the outcome and frames of ids. */
export const after: Piece = {
  needs: [newcomers, edges],
  lua: `
local function idsIn(after)
  local ids, from = {}, 2
  while from <= #after do
    local frame, next = frameAt(after, from)
    ids[#ids + 1], from = unframed(frame), next
  end
  return ids
end

-- By id, for those that are not new. One that was marked is here as it will be.
local storedRows = {}

local function storedRow(id)
  if storedRows[id] == nil then storedRows[id] = redis.call('HGET', at.jobs, id) end
  return storedRows[id]
end

local function unknownTo(run, place, earlier)
  for _, id in ipairs(idsIn(run.afters[place])) do
    if not earlier[id] and not storedRow(id) then return not storedFor(run, place) and id end
  end
end

-- The first new job that waits for one that is neither stored nor earlier, and whom it waits for.
local function unknownIn(runs)
  local earlier = {}
  for _, run in ipairs(runs) do
    for place, id in ipairs(run.ids) do
      local unknown = run.afters and unknownTo(run, place, earlier)
      if unknown then return id, unknown end
      earlier[id] = true
    end
  end
end

local function isNew(id)
  return known[id] and known[id] ~= true
end

local function rowOf(id)
  return isNew(id) and rowsToAdd[known[id]] or storedRow(id)
end

-- So that whoever ends it looks for those who wait.
local function markAwaited(id)
  local row = rowOf(id)
  if sub(row, 80, 80) == 'a' then return row end
  local marked = sub(row, 1, 79) .. 'a' .. sub(row, 81)
  if isNew(id) then
    rowsToAdd[known[id]] = marked
  else
    storedRows[id] = marked
    hset(at.jobs, id, marked)
  end
  return marked
end

-- The ids of those that it has to wait for, and whether one of them has ended otherwise.
local function unsatisfied(after)
  local ids, seen, inVain = {}, {}, false
  for _, named in ipairs(idsIn(after)) do
    local id = not known[named] and answers[named] or named
    local state = sub(rowOf(id), 1, 1)
    if not seen[id] and not satisfies(state, sub(after, 1, 1)) then
      ids[#ids + 1] = id
      inVain = inVain or hasEnded(state)
    end
    seen[id] = true
  end
  return ids, inVain
end

local function addEdges(job, outcome, ids)
  if #ids == 0 then return end
  local seqs = {}
  for place, id in ipairs(ids) do
    seqs[place] = sub(markAwaited(id), 108, 122)
    zset(at.waiters, seqs[place] .. outcome .. job.ref, '0')
  end
  hset(at.awaits, job.id, outcome .. table.concat(seqs))
end

local function addAfter(run, place)
  local id, after = run.ids[place], run.afters[place]
  local ids, inVain = unsatisfied(after)
  local state = inVain and 'x' or #ids > 0 and 'b' or 'w'
  local times = none .. (inVain and moment or none) .. '-' .. noToken .. none
  local flags = sub(run.flags, 1, 3) .. format('%07d', #ids) .. sub(run.flags, 11)
  add(id, state .. '-' .. digits(run.due) .. times .. flags .. moment, run, place)
  local job = parse(rowOf(id))
  enterHome(job)
  tally(job, 1)
  addEdges(job, sub(after, 1, 1), ids)
end

-- Notes all of them in \`run.stored\`: what is stored of one is not what came.
local function addWaiting(run)
  for place, id in ipairs(run.ids) do
    local stored = storedFor(run, place)
    if stored then answers[id] = stored else addAfter(run, place) end
    run.stored[place] = stored or id
  end
end`,
}
