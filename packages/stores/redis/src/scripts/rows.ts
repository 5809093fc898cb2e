import { changes, counting, many, texts, time } from './basics.js'
import type { Piece } from './script.js'

/**
 * A row is what is known of a job. Its first part has a fixed width, so that a script can read one thing and write
 * another without taking the rest apart. Numbers have zeros before them, and are zero where there are none:
 *
 * state (1), wish (1), due (16), last write (16), ended (16), where the output is (1), token (10), started (16), `l`
 * if it has a lane (1), `1` if it has progress (1), `a` once another job waited for it (1), how many it waits for (7),
 * where input, cursor, error and memo are (4), created (16), place in the order of the inserts (15), rank (7), limit of
 * the lane (7), length of its group with the lane (8).
 *
 * Behind come texts with a NUL, which none of them holds, between two: frames of lane (if any), processor and queue,
 * of which the last two are the group; the work, that is attempts, crashes, interruptions, throttles, done, failed,
 * skipped, total (or `-`); id; the rest of the spec; input, cursor, error, memo and output. Each of these five is `-`
 * where it is null, `=` where it stands here, and `+` where it stands in `texts`, because it is long.
 *
 * A running job whose lease ended is `l` instead of `r` once it is back in the line: it can't be held any more,
 * whatever the clock says later.
 */
export const instants: Piece = {
  needs: [time, texts],
  lua: `
local moment = digits(now)
local none = digits(0)
local noToken = '0000000000'
local nobody = '0000000'`,
}

export const rows: Piece = {
  needs: [instants, changes],
  lua: `
local function splitPlace(job, place)
  job.group = place
  if job.laneFlag == 'l' then
    local lane, behind = frameAt(place, 1)
    job.lane, job.group = lane, sub(place, behind)
  end
end

local function parse(row)
  if not row then return false end
  local placeEnd = 144 + tonumber(sub(row, 137, 144))
  local workEnd = find(row, '\\0', placeEnd + 2, true)
  local idEnd = find(row, '\\0', workEnd + 1, true)
  local seq, id = sub(row, 108, 122), sub(row, workEnd + 1, idEnd - 1)
  local job = {
    row = row, state = sub(row, 1, 1), wish = sub(row, 2, 2), due = tonumber(sub(row, 3, 18)), write = sub(row, 19, 34),
    ended = sub(row, 35, 50), o = sub(row, 51, 51), token = sub(row, 52, 61), started = sub(row, 62, 77),
    laneFlag = sub(row, 78, 78), awaited = sub(row, 80, 80), waits = sub(row, 81, 87), i = sub(row, 88, 88),
    c = sub(row, 89, 89), e = sub(row, 90, 90), m = sub(row, 91, 91), fixed = sub(row, 92, placeEnd + 1), seq = seq,
    rank = sub(row, 123, 129), limit = sub(row, 130, 136),
    work = sub(row, placeEnd + 2, workEnd - 1), id = id, ref = seq .. id, rest = sub(row, idEnd + 1)
  }
  splitPlace(job, sub(row, 145, placeEnd))
  return job
end

local function hasProgress(job)
  return sub(job.work, -8) ~= ' 0 0 0 -'
end

local function render(job)
  return table.concat({ job.state, job.wish, digits(job.due), job.write, job.ended, job.o, job.token, job.started,
    job.laneFlag, hasProgress(job) and '1' or '0', job.awaited, job.waits, job.i, job.c, job.e, job.m, job.fixed,
    job.work, '\\0', job.id, '\\0', job.rest })
end

local function save(job)
  job.row = render(job)
  append(listFor('HSET', at.jobs), job.id, job.row)
end

local function readJobs(ids)
  local jobs = readFields(at.jobs, ids)
  for place = 1, #ids do jobs[place] = parse(jobs[place]) end
  return jobs
end

local function newestFirst(refs)
  table.sort(refs, function(a, b) return sub(a, 1, 15) > sub(b, 1, 15) end)
  return refs
end

local function idOf(ref)
  return sub(ref, 16)
end

local function idsOf(refs)
  local ids = {}
  for place, ref in ipairs(refs) do ids[place] = idOf(ref) end
  return ids
end

-- The state as everybody else knows it.
local function shownState(job)
  return job.state == 'l' and 'r' or job.state
end

-- By the server's clock, the holder of the newest token may still write.
local function isHeld(job)
  return job.state == 'r' and now < job.due
end

local function hasEnded(state)
  return state == 'c' or state == 'e' or state == 'f' or state == 'x'
end`,
}

/** What an answer gives of jobs: their rows, and behind each other the long texts that stand elsewhere. */
export const answers: Piece = {
  needs: [many],
  lua: `
local textFlags = { i = 88, c = 89, e = 90, m = 91, o = 51 }

local function addLong(fields, row, letters)
  for place = 1, #letters do
    local letter = sub(letters, place, place)
    if byte(row, textFlags[letter]) == 43 then
      fields[#fields + 1] = letter .. match(row, '^[^%z]*%z[^%z]*%z([^%z]*)', 145)
    end
  end
end

local function answerWith(rows, letters)
  local fields = {}
  for _, row in ipairs(rows) do
    if byte(row, 51) == 43 or find(sub(row, 88, 91), '+', 1, true) then addLong(fields, row, letters) end
  end
  return { rows, readFields(at.texts, fields) }
end

local function wholeJobs(rows)
  return answerWith(rows, 'icemo')
end

local function headsOf(rows)
  return answerWith(rows, 'cem')
end

local function rowsOf(jobs)
  local rows = {}
  for place, job in ipairs(jobs) do rows[place] = job.row end
  return rows
end`,
}

/** Counts jobs and their progress for each state and group, so that `count` need not read them all. */
export const tallies: Piece = {
  needs: [rows, counting],
  lua: `
local tallied = {}

-- What is counted starts with a letter and, unless all states are meant, the letter of one.
local function addTo(what, group, number)
  local ofGroup = tallied[group]
  if not ofGroup then
    ofGroup = {}
    tallied[group] = ofGroup
  end
  ofGroup[what] = (ofGroup[what] or 0) + number
end

-- Called with -1 before a job changes its state or progress, and with 1 after it.
local function tally(job, sign)
  local state, group = shownState(job), job.group
  addTo('n' .. state, group, sign)
  if not hasProgress(job) then return end
  local done, failed, skipped, total = match(job.work, '(%S+) (%S+) (%S+) (%S+)$')
  addTo('d' .. state, group, sign * done)
  addTo('f' .. state, group, sign * failed)
  addTo('s' .. state, group, sign * skipped)
  addTo('t' .. state, group, sign * (tonumber(total) or 0))
end

local function writeTallies()
  for group, sums in pairs(tallied) do
    for what, number in pairs(sums) do
      if number ~= 0 then tallyUp(what .. group, number) end
    end
  end
  tallied = {}
end`,
}
