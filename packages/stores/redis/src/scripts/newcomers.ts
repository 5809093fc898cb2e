import { args } from './basics.js'
import { lanes } from './homes.js'
import type { Piece } from './script.js'

/**
 * Adds jobs, as `insert` and as what follows on a write. A job comes in four arguments: its spec, with the frame
 * of its id before it; its input; `+` and a delay or `@` and an instant, both with 16 digits, then its row without
 * what the server knows; and its marks, of which one that starts with `u` is unique.
 */
export const newcomers: Piece = {
  needs: [args, lanes],
  lua: `
local counter = tonumber(redis.call('GET', at.counter) or 0)
local counterBefore = counter
local unclaimed = digits(0, 10) .. none .. none .. none
local seqOfId, seqOfKey = {}, {}
local anyDue, grown = false, {}

local function takeJob()
  local job = { spec = take(), input = take() }
  local head = take()
  local number = tonumber(sub(head, 2, 17)) or error('a due time is not a number')
  job.due = sub(head, 1, 1) == '+' and now + number or number
  job.flags, job.rest, job.marks = sub(head, 18, 23), sub(head, 24), take()
  job.id = unframed((frameAt(job.spec, 1)))
  return job
end

local function knownBy(known, key, name)
  if known[name] == nil then known[name] = redis.call('HGET', key, name) end
  return known[name]
end

local function keyOf(job)
  if job.marks == '' then return nil end
  local key
  eachMark(job.marks, function(kind, name)
    if kind == 'u' then key = name end
  end)
  return key
end

local function storedAs(job)
  job.key = keyOf(job)
  return knownBy(seqOfId, at.ids, job.id) or (job.key and knownBy(seqOfKey, at.keys, job.key))
end

local function mark(seq, marks)
  if marks == '' then return end
  hset(at.marks, seq, marks)
  eachMark(marks, function(kind, _, frame)
    if kind ~= 'u' then zset(at.index, frame .. seq, '0') end
  end)
end

local additions = { jobs = listFor('HSET', at.jobs), specs = listFor('HSET', at.specs), ids = listFor('HSET', at.ids),
  inputs = listFor('HSET', at.inputs), order = listFor('ZADD', at.order), line = listFor('ZADD', at.line) }

local function add(seq, job)
  local due = digits(job.due, 16)
  local row = 'w-' .. due .. unclaimed .. job.flags .. moment .. job.rest
  local group = groupIn(row)
  append(additions.jobs, seq, row)
  append(additions.specs, seq, job.spec)
  append(additions.inputs, seq, job.input)
  append(additions.ids, job.id, seq)
  append(additions.order, seq, seq)
  append(additions.line, '0', group .. sub(row, 99, 105) .. due .. seq)
  grown[group] = (grown[group] or 0) + 1
  if job.key then hset(at.keys, job.key, seq) end
  mark(seq, job.marks)
end

-- Answers the seq of the stored job, and whether it is new.
local function insert(job)
  local stored = storedAs(job)
  if stored then return stored, false end
  counter = counter + 1
  local seq = digits(counter, 15)
  add(seq, job)
  seqOfId[job.id] = seq
  if job.key then seqOfKey[job.key] = seq end
  anyDue = anyDue or job.due <= now
  return seq, true
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
