import { args, counting } from './basics.js'
import { lanes } from './homes.js'
import { lapse, repeats, soonest } from './leases.js'
import { answers } from './rows.js'
import { type Piece, quickScript } from './script.js'
import { streams } from './streams.js'

const request: Piece = {
  needs: [args, repeats, soonest],
  lua: `
local claimId, limit, leaseMs, most = take(), takeNumber(), takeNumber(), takeNumber()
local byAge = take() == 'age'
local mode, names, leftOut = take(), takeList(), {}
if mode == '-' then
  for _, group in ipairs(takeList()) do leftOut[group] = true end
end
local leaseEnd = digits(now + leaseMs)`,
}

/** Jobs of one group, of which nothing is known but that they were inserted: what nearly all claims give out. */
const fresh: Piece = {
  needs: [request, counting],
  lua: `
local function groupsNamed()
  if mode == '=' then return names end
  local groups = {}
  for _, name in ipairs(names) do
    for _, group in ipairs(redis.call('ZRANGEBYLEX', at.groups, '[' .. name, '(' .. name .. '\\255')) do
      if not leftOut[group] then groups[#groups + 1] = group end
    end
  end
  return groups
end

-- The first names of the only group that has any, none where no group has, and nothing where more than one has.
local function namesOfOne(groups)
  local found, foundIn = {}, ''
  for _, group in ipairs(groups) do
    local inGroup = redis.call('ZRANGEBYLEX', at.line, '[' .. group, '(' .. group .. '\\255', 'LIMIT', 0, limit)
    if inGroup[1] and found[1] then return nil end
    if inGroup[1] then found, foundIn = inGroup, group end
  end
  return found, foundIn
end

local function areOneRank(one, other, behind)
  return sub(one, behind + 1, behind + 7) == sub(other, behind + 1, behind + 7)
end

local function areDue(found, behind)
  local last = found[#found]
  return areOneRank(found[1], last, behind) and sub(last, behind + 8, behind + 23) <= moment
end

-- Whether the order of age is that of claims, for no other rank is there.
local function isByAge(found, group)
  local last = redis.call('ZREVRANGEBYLEX', at.line, '(' .. group .. '\\255', '[' .. group, 'LIMIT', 0, 1)[1]
  return areOneRank(found[1], last, #group)
end

-- As rows have it from their last write to their progress.
local untouched = none .. none .. '-' .. noToken .. none .. '-0'

local function readFresh(found, idAt)
  local ids = {}
  for place = 1, #found do ids[place] = sub(found[place], idAt) end
  local rows = readFields(at.jobs, ids)
  for place = 1, #rows do
    local row = rows[place]
    if not row or find(row, untouched, 19, true) ~= 19 or byte(row, 88) == 43 then return nil end
  end
  return ids, rows
end

local function giveFresh(ids, rows)
  local front = 'r-' .. leaseEnd .. none .. none .. '-0000000001' .. moment .. '-0'
  local fields, leases = {}, {}
  for place = 1, #ids do
    local id, row = ids[place], front .. sub(rows[place], 80)
    rows[place] = row
    fields[2 * place - 1], fields[2 * place] = id, row
    leases[2 * place - 1], leases[2 * place] = leaseEnd, id
  end
  inParts('HSET', at.jobs, fields)
  inParts('ZADD', at.leases, leases)
end`,
}

/** Gives one job out after the other, or parks it. What was given is in `rows` and `given`. */
const giving: Piece = {
  needs: [lanes, streams],
  lua: `
local rows, given = {}, {}

local function give(job)
  tally(job, -1)
  if job.state == 'l' then
    local before, crashes, after = match(job.work, '^(%S+ )(%S+)(.*)$')
    job.work = before .. whole(crashes + 1) .. after
    zset(at.lapsed, job.ref, false)
  end
  job.state, job.token, job.write, job.due = 'r', format('%010d', job.token + 1), none, now + leaseMs
  if job.started == none then job.started = moment end
  if job.lane then takePlace(job.lane) end
  tally(job, 1)
  zset(at.leases, job.id, leaseEnd)
  save(job)
  rows[#rows + 1], given[#given + 1] = job.row, job.token .. job.id
end

local function park(job)
  zset(at.parked, parkedName(job), '0')
  addTo('k-', job.group, 1)
end

local function offer(stream)
  local job = parse(stream.rows[stream.place])
  append(listFor('ZREM', at.line), stream.names[stream.place])
  advance(stream)
  if not job or (job.state ~= 'w' and job.state ~= 'l') then return end
  if job.lane and leasesOf(job.lane) >= tonumber(job.limit) then return park(job) end
  give(job)
end`,
}

const anyClaim = {
  needs: [giving, lapse, answers],
  lua: `
local held = stillHeld(claimId)
if #held > 0 then return { 0, wholeJobs(held), -1 } end

local mayBeMore = putBackLapsed()

local groups = mode == '=' and names or groupsOf(names, leftOut)
local open, looked = byAge and openEachRank(groups) or openStreams(groups), 0
while #rows < limit do
  local stream = foremost(open, math.min(limit - #rows, 500))
  if not stream then break end
  if looked == most then
    mayBeMore = true
    break
  end
  looked = looked + 1
  offer(stream)
end

if looked > 0 or next(sorted) then writeAll() end
if #rows > 0 then remember(claimId, table.concat(given, '\\0'), leaseEnd) end
noteDue(firstLeaseEnd())
return { mayBeMore and 1 or 0, wholeJobs(rows), dueIn() }`,
}

/**
 * Arguments: claim id, limit, lease, most jobs to look at, `priority` or `age`; then `=` and groups, or `*` and processors whose groups are
 * looked up, or `-`, processors, and the groups to leave out. Answers with 1 if there may be more behind what was looked
 * at, the jobs, and where there are none, how long until the next one, if that is soon.
 */
export const claimScript = quickScript(
  'claim',
  [fresh],
  anyClaim,
  `
local leaseEnds = firstLeaseEnd()
if leaseEnds <= now then return rarely() end
if leaseEnds < never and redis.call('HEXISTS', at.claims, claimId) == 1 then return rarely() end
local groups = groupsNamed()
local found, group = namesOfOne(groups)
local isEmpty = found and not found[1]
if isEmpty and (mode == '=' or not groups[1]) then
  noteDue(leaseEnds)
  return { 0, { {}, {} }, dueIn() }
end
if not found or isEmpty or not areDue(found, #group) then return rarely() end
if byAge and not isByAge(found, group) then return rarely() end
local ids, rows = readFresh(found, #group + 39)
if not ids then return rarely() end

redis.call('ZREMRANGEBYLEX', at.line, '[' .. found[1], '[' .. found[#found])
giveFresh(ids, rows)
tallyUp('nw' .. group, -#ids)
tallyUp('nr' .. group, #ids)
remember(claimId, '0000000001' .. table.concat(ids, '\\0000000000001'), leaseEnd)
return { 0, { rows, {} }, -1 }`,
)
