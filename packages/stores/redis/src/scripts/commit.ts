import { wakeUp } from './homes.js'
import { newcomers } from './newcomers.js'
import { patches } from './patches.js'
import { records } from './records.js'
import { columns } from './rows.js'
import { type Piece, script } from './script.js'

/**
 * A write comes as one text: the seq of its job (15 digits, or `-` where the client does not know it), token (10
 * digits), number of the write (16), then state (1), lease (16) and delay (16), which are `-` where they are absent,
 * and the id. It is followed by an empty text, or by something and numbers of the work, texts, follow-up jobs, items
 * and logs.
 */
const writes: Piece = {
  needs: [newcomers],
  lua: `
local function takeMore()
  local more = { work = take(), texts = takeList(), follow = {} }
  for place = 1, takeNumber() do more.follow[place] = takeJob() end
  more.items, more.logs = takeList(), takeList()
  return more
end

local heads, mores, seqs = {}, {}, {}
local function takeWrites()
  for place = 1, takeNumber() do
    local head = take()
    heads[place], seqs[place] = head, sub(head, 1, 15)
    if #head < 74 then error('a write is broken') end
    if take() ~= '' then mores[place] = takeMore() end
  end
end

-- The rows by seq. A job that is not found under its known seq may be there anew, under its id.
local function rowsOfWrites()
  local found = {}
  for place, row in ipairs(readFields(at.jobs, seqs)) do
    if not row then
      local seq = redis.call('HGET', at.ids, sub(heads[place], 75))
      seqs[place] = seq or ''
      row = seq and redis.call('HGET', at.jobs, seq)
    end
    if row then found[seqs[place]] = row end
  end
  return found
end`,
}

const applying: Piece = {
  needs: [writes, patches, records],
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
  job.state, job.wish = released(sub(head, 42, 42), job.wish), '-'
  job.due = dueAfter(head, 59, 74)
  job.ended = hasEnded(job.state) and moment or none
  enterHome(job)
  anyDue = anyDue or (job.state == 'w' and job.due <= now)
end

local function keepMore(job, more)
  patchTexts(job, more.texts)
  for _, follow in ipairs(more.follow) do insert(follow) end
  keepItems(job.seq, more.items)
  keepLogs(job.seq, more.logs, whole(now))
end

local function apply(job, head, more)
  tally(job, -1)
  job.write = sub(head, 26, 41)
  if more then patchWork(job, more.work) end
  if sub(head, 42, 42) ~= '-' then
    letGo(job, head)
  elseif sub(head, 43, 43) ~= '-' then
    job.due = dueAfter(head, 43, 58)
    zset(at.leases, job.seq, whole(job.due))
  end
  tally(job, 1)
  if more then keepMore(job, more) end
  save(job)
  return job.row
end

local rowList, endList, leaseList = listFor('HSET', at.jobs), listFor('ZADD', at.ended), listFor('ZREM', at.leases)

-- Ends a plain job without taking its row apart, which is what most writes are for.
local function endPlain(seq, row, head, state)
  local group = groupIn(row)
  addTo('nr', group, -1)
  addTo('n' .. state, group, 1)
  leaseList[#leaseList + 1] = seq
  append(endList, '0', state .. moment .. seq)
  local due = byte(head, 59) == 45 and moment or digits(dueAfter(head, 59, 74), 16)
  local new = state .. '-' .. due .. sub(row, 19, 28) .. sub(head, 26, 41) .. sub(row, 45, 60) .. moment .. sub(row, 77)
  append(rowList, seq, new)
  return new
end

local function applied(seq, row, head, more)
  local state = sub(head, 42, 42)
  if not more and hasEnded(state) and isPlain(row) then return endPlain(seq, row, head, state) end
  return apply(parse(seq, row), head, more)
end`,
}

/**
 * Arguments: how many writes, and the writes. Answers with a text that has 1 for each write that was accepted, the
 * seqs and rows of their jobs (empty texts where they are gone), the specs and inputs of those that the client does
 * not know, and their texts.
 */
export const commitScript = script(
  'commit',
  [applying, columns, wakeUp],
  `
takeWrites()
local rowOf = rowsOfWrites()
local accepted, changed = {}, false
for place, head in ipairs(heads) do
  local seq = seqs[place]
  local row = rowOf[seq]
  local isNewest = row and sub(row, 19, 28) == sub(head, 16, 25)
  local isRepeated = isNewest and tonumber(sub(head, 26, 41)) <= tonumber(sub(row, 29, 44))
  if isNewest and not isRepeated and byte(row) == 114 and now < tonumber(sub(row, 3, 18)) then
    rowOf[seq] = applied(seq, row, head, mores[place])
    accepted[place], changed = '1', true
  else
    accepted[place] = isRepeated and '1' or '0'
  end
end

if changed then
  openTheDoor()
  writeNewcomers()
  local hasFreed = writeAll()
  if anyDue or hasFreed then wakeListeners() end
end

local rows, unknown, texts = {}, {}, {}
for place, seq in ipairs(seqs) do
  local row = rowOf[seq] or ''
  rows[place] = row
  if row == '' then seqs[place] = '' end
  if row ~= '' and seq ~= sub(heads[place], 1, 15) then unknown[#unknown + 1] = seq end
  if row ~= '' and sub(row, 79, 82) ~= '----' then texts = seqs end
end
return { table.concat(accepted), seqs, rows, readFields(at.specs, unknown), readFields(at.inputs, unknown),
  readFields(at.cursors, texts), readFields(at.errors, texts), readFields(at.memos, texts),
  readFields(at.outputs, texts) }`,
)
