import { lanes, wakeUp } from './homes.js'
import { matching } from './matching.js'
import { patches } from './patches.js'
import { release } from './release.js'
import { script } from './script.js'

/**
 * Arguments: kind; pairs of letters, from which state to which, of the kind and of `cancel`; then for a retry the
 * numbers of the work and texts; then a walk. Answers where to go on, and how many jobs were changed.
 */
export const requestScript = script(
  'request',
  [lanes, matching, patches, release, wakeUp],
  `
local function takeMoves()
  local moves = {}
  for from, to in string.gmatch(take(), '(.)(.)') do moves[from] = to end
  return moves
end

local kind, moves, cancels = take(), takeMoves(), takeMoves()
local work, texts = take(), takeList()

-- Answers whether the wish of a job changed.
local function leaveWish(job)
  local wish = job.wish
  if kind == 'cancel' then job.wish = 'c' end
  if kind == 'pause' and wish == '-' then job.wish = 'p' end
  if kind == 'resume' and wish == 'p' then job.wish = '-' end
  return job.wish ~= wish
end

local function startAnew(job)
  job.work = string.gsub(job.work, '^%S+ %S+', '0 0')
  patchWork(job, work)
  patchTexts(job, texts)
  job.due = now
end

local function orBlocked(state, job)
  return state == 'w' and job.waits ~= nobody and 'b' or state
end

local function moveTo(job, state)
  leaveHome(job)
  tally(job, -1)
  job.state, job.wish = orBlocked(state, job), '-'
  job.ended = hasEnded(state) and moment or none
  if kind == 'retry' then startAnew(job) end
  if kind == 'promote' then job.due = now end
  tally(job, 1)
  enterHome(job)
  noteEnd(job)
end

local function move(job)
  local outranked = kind == 'pause' and job.wish == 'c'
  local state = (outranked and cancels or moves)[shownState(job)]
  if not state or (kind == 'promote' and job.due <= now) then return false end
  moveTo(job, state)
  return true
end

local function carryOut(job)
  if isHeld(job) or (shownState(job) == 'r' and kind == 'resume') then return leaveWish(job) end
  return move(job)
end

local found, behind = walk()
local changed = 0
for _, job in ipairs(found) do
  inHands[job.id] = job
  if carryOut(job) then
    save(job)
    changed = changed + 1
  end
end
if changed > 0 then
  tellWaiters()
  local hasFreed = writeAll()
  if anySoon or hasFreed then wakeListeners() end
end
return { behind, changed }`,
)
