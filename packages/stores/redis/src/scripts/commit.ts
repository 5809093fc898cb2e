import { counting, many } from './basics.js'
import { wakeUp } from './homes.js'
import { newcomers } from './newcomers.js'
import { patches } from './patches.js'
import { records } from './records.js'
import { release } from './release.js'
import { instants } from './rows.js'
import { type Piece, quickScript } from './script.js'

/**
 * A write comes as the id of its job and a head: `-` and the token (10 digits), number of the write (16), state (1),
 * lease (16) and delay (16), which are `-` where they are absent, then `+` where more arguments follow, else `=` and
 * the output, or `-` where that stays. What follows are numbers of the work, texts, runs of follow-up jobs, items and
 * logs.
 */
const writes: Piece = {
  needs: [newcomers],
  lua: `
local function takeMore(head)
  local kind = sub(head, 61, 61)
  if kind == '-' then return nil end
  if kind == '=' then return { work = '', texts = { 'o' .. sub(head, 61) }, runs = {}, items = {}, logs = {} } end
  local more = { work = take(), texts = takeList(), runs = takeRuns(), items = takeList(), logs = takeList() }
  lookUp(more.runs)
  return more
end

local ids, heads, mores = {}, {}, {}
local function takeWrites()
  for place = 1, takeNumber() do
    local id, head = take(), take()
    if not find(head, '^%-%d%d%d%d%d%d%d%d%d%d%d+', 1) or #head < 61 then error('a write is broken') end
    ids[place], heads[place], mores[place] = id, head, takeMore(head) or false
  end
end

local function rowsOfWrites()
  local rowOf, read = {}, readFields(at.jobs, ids)
  for place, id in ipairs(ids) do rowOf[id] = read[place] end
  return rowOf
end`,
}

const applying: Piece = {
  needs: [writes, patches, records, release],
  lua: `
local function released(state, wish)
  if wish == 'c' and (state == 'w' or state == 'p') then return 'x' end
  if wish == 'p' and state == 'w' then return 'p' end
  return state
end

local function dueAfter(head, from, to)
  return now + (tonumber(sub(head, from, to)) or 0)
end

local function letGo(job, head)
  leaveHome(job)
  job.state, job.wish = released(sub(head, 28, 28), job.wish), '-'
  job.due = dueAfter(head, 45, 60)
  job.ended = hasEnded(job.state) and moment or none
  enterHome(job)
  noteEnd(job)
end

local function keepMore(job, more)
  patchTexts(job, more.texts)
  for _, run in ipairs(more.runs) do addRun(run) end
  keepItems(job.seq, more.items)
  keepLogs(job.seq, more.logs, whole(now))
end

-- Answers with the row as it is now.
local function apply(job, head, more)
  tally(job, -1)
  job.write = sub(head, 12, 27)
  if more then patchWork(job, more.work) end
  if sub(head, 28, 28) ~= '-' then
    letGo(job, head)
  elseif sub(head, 29, 29) ~= '-' then
    job.due = dueAfter(head, 29, 44)
    zset(at.leases, job.id, digits(job.due))
  end
  tally(job, 1)
  if more then keepMore(job, more) end
  save(job)
  return job.row
end`,
}

const anyWrites = {
  needs: [applying, wakeUp],
  lua: `
takeWrites()
local rowOf = rowsOfWrites()
local accepted, changed = {}, false
for place, head in ipairs(heads) do
  local row = rowOf[ids[place]]
  local isNewest = row and sub(row, 52, 61) == sub(head, 2, 11)
  local isRepeated = isNewest and sub(head, 12, 27) <= sub(row, 19, 34)
  if isNewest and not isRepeated and byte(row) == 114 and moment < sub(row, 3, 18) then
    rowOf[ids[place]] = apply(parse(row), head, mores[place])
    accepted[place], changed = '1', true
  else
    accepted[place] = isRepeated and '1' or '0'
  end
end

if changed then
  tellWaiters()
  openTheDoor()
  writeNewcomers()
  local hasFreed = writeAll()
  if anySoon or hasFreed then wakeListeners() end
end

local standings = {}
for place, id in ipairs(ids) do
  local row = inHands[id] and inHands[id].row or rowOf[id]
  standings[place] = row and sub(row, 1, 61) or ''
end
return { moment, table.concat(accepted), standings }`,
}

/** Ends jobs that nobody waits for, without lane, progress and output so far: what nearly all writes are for. */
const ending: Piece = {
  needs: [instants, many, counting],
  lua: `
local isEnd = { c = true, e = true, f = true, x = true }

local function canEnd(row, head)
  return row and byte(row) == 114 and sub(row, 51, 61) == sub(head, 1, 11) and sub(row, 78, 80) == '-0-'
    and byte(head, 45) == 45 and byte(head, 61) ~= 43 and isEnd[sub(head, 28, 28)]
    and sub(row, 3, 18) > moment and sub(row, 19, 34) < sub(head, 12, 27)
end

local seen, ids = {}, {}
local fields, ends, groups, group = {}, {}, {}, ''

local function groupIn(row)
  if sub(row, 145, 144 + #group) ~= group or tonumber(sub(row, 137, 144)) ~= #group then
    group = sub(row, 145, 144 + tonumber(sub(row, 137, 144)))
  end
  return group
end

local function endOne(place, id, row, head)
  local state = sub(head, 28, 28)
  local flag = sub(head, 61, 61)
  fields[2 * place - 1] = id
  fields[2 * place] = state .. '-' .. moment .. sub(head, 12, 27) .. moment .. flag .. sub(row, 52) .. sub(head, 62)
  ends[2 * place - 1], ends[2 * place] = '0', state .. moment .. sub(row, 108, 122) .. id
  local counts = groups[groupIn(row)] or {}
  groups[group], counts[state] = counts, (counts[state] or 0) + 1
end

-- Answers false where something else is wanted of any of them.
local function readEnds()
  for place = 1, #ARGV / 2 do ids[place] = ARGV[2 * place] end
  local rows = readFields(at.jobs, ids)
  for place = 1, #ids do
    local id, row, head = ids[place], rows[place], ARGV[2 * place + 1]
    if seen[id] or not canEnd(row, head) then return false end
    seen[id] = true
    endOne(place, id, row, head)
  end
  return true
end

local function tallyEnds()
  for name, counts in pairs(groups) do
    for state, count in pairs(counts) do
      tallyUp('nr' .. name, -count)
      tallyUp('n' .. state .. name, count)
    end
  end
end`,
}

/**
 * Arguments: how many writes, and the writes. Answers with the time; a text that has 1 for each write that was
 * accepted; and where their jobs stand, as rows start with it, or an empty text for one that is gone. Where that list
 * is empty, all of them ended as they were to, just now.
 */
export const commitScript = quickScript(
  'commit',
  [ending],
  anyWrites,
  `
if #ARGV ~= 2 * (tonumber(ARGV[1]) or 0) + 1 or #ARGV == 1 or not readEnds() then return rarely() end

inParts('ZREM', at.leases, ids)
inParts('HSET', at.jobs, fields)
inParts('ZADD', at.ended, ends)
tallyEnds()
return { moment, '', {} }`,
)
