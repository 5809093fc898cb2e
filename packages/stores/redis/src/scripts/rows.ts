import { changes, texts, time } from './basics.js'
import type { Piece } from './script.js'

/**
 * A row says where a job stands. Its first part has a fixed width, so that a script can read one thing and write
 * another without taking the rest apart. Numbers have zeros before them, and are zero where there are none:
 *
 * state (1), wish (1), due (16), token (10), last write (16), started (16), ended (16), `l` if it has a lane (1),
 * `1` if it has progress (1), which texts it has (4: c e m o), created (16), rank (7), limit of the lane (7), length
 * of the place (8).
 *
 * Behind come the place: frames of lane (if any), processor and queue, of which the last two are the group; `|`; and
 * the work: attempts, crashes, interruptions, throttles, done, failed, skipped, total (or `-`).
 */
export const rows: Piece = {
  needs: [time, texts, changes],
  lua: `
local moment = digits(now, 16)
local none = digits(0, 16)

local function parse(seq, row)
  if not row then return false end
  local placeEnd = 120 + tonumber(sub(row, 113, 120))
  local job = {
    seq = seq, row = row, state = sub(row, 1, 1), wish = sub(row, 2, 2),
    due = tonumber(sub(row, 3, 18)), token = sub(row, 19, 28), write = sub(row, 29, 44),
    started = sub(row, 45, 60), ended = sub(row, 61, 76), hasLane = sub(row, 77, 77),
    texts = sub(row, 79, 82), fixed = sub(row, 83, placeEnd + 1), rank = sub(row, 99, 105),
    limit = sub(row, 106, 112), group = sub(row, 121, placeEnd),
    work = sub(row, placeEnd + 2)
  }
  if job.hasLane == 'l' then
    local lane, behind = frameAt(job.group, 1)
    job.lane, job.group = lane, sub(job.group, behind)
  end
  return job
end

local function groupIn(row)
  local place = sub(row, 121, 120 + tonumber(sub(row, 113, 120)))
  if byte(row, 77) == 45 then return place end
  local _, behind = frameAt(place, 1)
  return sub(place, behind)
end

-- Has neither a lane nor progress: there is less to do for it.
local function isPlain(row)
  return sub(row, 77, 78) == '-0'
end

local function hasProgress(job)
  return sub(job.work, -8) ~= ' 0 0 0 -'
end

local function render(job)
  return table.concat({ job.state, job.wish, digits(job.due, 16), job.token, job.write, job.started, job.ended,
    job.hasLane, hasProgress(job) and '1' or '0', job.texts, job.fixed, job.work })
end

local function save(job)
  job.row = render(job)
  append(listFor('HSET', at.jobs), job.seq, job.row)
end

local function readJobs(seqs)
  local jobs = readFields(at.jobs, seqs)
  for place, seq in ipairs(seqs) do jobs[place] = parse(seq, jobs[place]) end
  return jobs
end

-- By the server's clock, the holder of the newest token may still write.
local function isHeld(job)
  return job.state == 'r' and now < job.due
end

local function hasEnded(state)
  return state == 'c' or state == 'e' or state == 'f' or state == 'x'
end`,
}

/**
 * The jobs of an answer, as one list for each thing that is known of them. The lists of texts are empty where no
 * job has one.
 */
export const columns: Piece = {
  needs: [rows],
  lua: `
local function haveTexts(rows)
  for _, row in ipairs(rows) do
    if sub(row, 79, 82) ~= '----' then return true end
  end
  return false
end

local function headsOf(seqs, rows)
  local texts = haveTexts(rows) and seqs or {}
  return { seqs, rows, readFields(at.specs, seqs), readFields(at.cursors, texts), readFields(at.errors, texts),
    readFields(at.memos, texts) }
end

local function wholeJobs(seqs, rows)
  local answer = headsOf(seqs, rows)
  answer[7] = readFields(at.inputs, seqs)
  answer[8] = readFields(at.outputs, haveTexts(rows) and seqs or {})
  return answer
end

local function seqsAndRows(jobs)
  local seqs, rows = {}, {}
  for place, job in ipairs(jobs) do
    seqs[place], rows[place] = job.seq, job.row
  end
  return seqs, rows
end`,
}

/** Counts jobs and their progress for each state and group, so that `count` need not read them all. */
export const tallies: Piece = {
  needs: [rows],
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
  local state, group = job.state, job.group
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
      if number ~= 0 and redis.call('HINCRBY', at.tallies, what .. group, whole(number)) == 0 then
        redis.call('HDEL', at.tallies, what .. group)
      end
    end
  end
  tallied = {}
end`,
}
