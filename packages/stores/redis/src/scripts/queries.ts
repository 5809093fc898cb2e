import { args } from './basics.js'
import { homes } from './homes.js'
import { matching } from './matching.js'
import { columns } from './rows.js'
import { script } from './script.js'

/** Arguments: ids. Answers with those jobs that are there. */
export const getScript = script(
  'get',
  [args, columns],
  `
local seqs = {}
for _, seq in ipairs(readFields(at.ids, takeList())) do
  if seq then seqs[#seqs + 1] = seq end
end
return wholeJobs(seqsAndRows(readJobs(seqs)))`,
)

/** Arguments: a walk. Answers where to go on, and with the heads of the jobs that match. */
export const listScript = script(
  'list',
  [matching, columns],
  `
local found, behind = walk()
return { behind, headsOf(seqsAndRows(found)) }`,
)

/** Arguments: ids. Answers with the seqs of those that are there, the newest first. */
export const resolveScript = script(
  'resolve',
  [args, columns],
  `
local seqs, seen = {}, {}
for _, seq in ipairs(readFields(at.ids, takeList())) do
  if seq and not seen[seq] then
    seqs[#seqs + 1] = seq
    seen[seq] = true
  end
end
table.sort(seqs, function(a, b) return a > b end)
return seqs`,
)

/**
 * Arguments: letters of states, and how many jobs are few. Answers with the seqs of all jobs that may be in one of
 * the states, or with nothing where they are not few.
 */
export const residentsScript = script(
  'residents',
  [args, homes],
  `
local lists, size = {}, 0
local function add(key, count, from, to)
  lists[#lists + 1] = { key = key, from = from, to = to }
  size = size + count
end
for state in string.gmatch(take(), '.') do
  if state == 'w' then
    add(at.line, redis.call('ZCARD', at.line), '-', '+')
    add(at.parked, redis.call('ZCARD', at.parked), '-', '+')
  elseif state == 'r' then
    add(at.leases, redis.call('ZCARD', at.leases))
    add(at.lapsed, redis.call('ZCARD', at.lapsed))
  elseif state == 'p' then
    add(at.paused, redis.call('ZCARD', at.paused))
  elseif hasEnded(state) then
    local from, to = startingWith(state)
    add(at.ended, redis.call('ZLEXCOUNT', at.ended, from, to), from, to)
  end
end
if size > takeNumber() then return false end

local seqs, seen = {}, {}
for _, list in ipairs(lists) do
  local names = list.from and redis.call('ZRANGEBYLEX', list.key, list.from, list.to)
    or redis.call('ZRANGE', list.key, 0, -1)
  for _, name in ipairs(names) do
    local seq = seqOf(name)
    if not seen[seq] then seqs[#seqs + 1] = seq end
    seen[seq] = true
  end
end
table.sort(seqs, function(a, b) return a > b end)
return seqs`,
)
