import { args } from './basics.js'
import { lanes } from './homes.js'
import { lapse, repeats } from './leases.js'
import { columns } from './rows.js'
import { type Piece, script } from './script.js'
import { streams } from './streams.js'

const request: Piece = {
  needs: [args],
  lua: `
local claimId, limit, leaseMs, most = take(), takeNumber(), takeNumber(), takeNumber()
local mode, names = take(), takeList()`,
}

/** Gives one job out after the other, or parks it. What was given is in `seqs` and `rows`. */
const giving: Piece = {
  needs: [request, lanes, streams],
  lua: `
local leaseEnd = digits(now + leaseMs, 16)
local seqs, rows, plain = {}, {}, {}

local function giveOut(seq, row)
  append(listFor('HSET', at.jobs), seq, row)
  append(listFor('ZADD', at.leases), leaseEnd, seq)
  seqs[#seqs + 1], rows[#rows + 1] = seq, row
end

local function startedOf(row)
  local started = sub(row, 45, 60)
  return started == none and moment or started
end

local function givePlain(seq, row, group)
  plain[group] = (plain[group] or 0) + 1
  giveOut(seq, 'r' .. sub(row, 2, 2) .. leaseEnd .. format('%010d', sub(row, 19, 28) + 1) .. none .. startedOf(row)
    .. sub(row, 61))
end

local function give(job)
  tally(job, -1)
  if job.state == 'r' then
    local before, crashes, after = match(job.work, '^(%S+ )(%S+)(.*)$')
    job.work = before .. whole(crashes + 1) .. after
    zset(at.lapsed, job.seq, false)
  end
  job.state, job.token, job.write, job.due = 'r', digits(job.token + 1, 10), none, now + leaseMs
  job.started = startedOf(job.row)
  if job.lane then takePlace(job.lane) end
  tally(job, 1)
  giveOut(job.seq, render(job))
end

local function park(job)
  zset(at.parked, parkedName(job), '0')
  addTo('k-', job.group, 1)
end

-- What the name says must be so: it is dropped where the clock went back between two writes.
local function isStale(name, row)
  local state = row and byte(row)
  return not (state == 119 or state == 114) or sub(row, 3, 18) ~= dueOf(name)
end

local function offer(stream)
  local name, row = stream.names[stream.place], stream.rows[stream.place]
  advance(stream)
  append(listFor('ZREM', at.line), name)
  if isStale(name, row) then return end
  if byte(row) == 119 and isPlain(row) then return givePlain(seqOf(name), row, stream.group) end
  local job = parse(seqOf(name), row)
  if job.lane and leasesOf(job.lane) >= tonumber(job.limit) then return park(job) end
  give(job)
end`,
}

/**
 * Arguments: claim id, limit, lease, most jobs to look at, then groups, or `*` and processors whose groups are
 * looked up. Answers with 1 if there may be more behind what was looked at, and the jobs.
 */
export const claimScript = script(
  'claim',
  [giving, lapse, repeats, columns],
  `
local given = stillHeld(claimId)
if #given > 0 then return { 0, wholeJobs(seqsAndRows(given)) } end

local mayBeMore = putBackLapsed()

local open, looked = openStreams(mode == '*' and groupsOf(names) or names), 0
while #seqs < limit do
  local stream = foremost(open, math.min(limit - #seqs, 500))
  if not stream then break end
  if looked == most then
    mayBeMore = true
    break
  end
  looked = looked + 1
  offer(stream)
end

for group, count in pairs(plain) do
  addTo('nw', group, -count)
  addTo('nr', group, count)
end
if #seqs > 0 then remember(claimId, seqs, rows, leaseEnd) end
if looked > 0 or next(sorted) then writeAll() end
return { mayBeMore and 1 or 0, wholeJobs(seqs, rows) }`,
)
