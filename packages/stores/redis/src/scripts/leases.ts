import { lanes } from './homes.js'
import type { Piece } from './script.js'

/** Jobs whose lease ended go back into the line, due since then, and free their place in a lane. */
export const lapse: Piece = {
  needs: [lanes],
  lua: `
local mostLapsed = 500

local function putBackLapsed()
  local seqs = redis.call('ZRANGEBYSCORE', at.leases, '-inf', whole(now), 'LIMIT', 0, mostLapsed)
  if #seqs == 0 then return false end
  for place, job in ipairs(readJobs(seqs)) do
    zset(at.leases, seqs[place], false)
    if job and job.state == 'r' then
      zset(at.lapsed, job.seq, '0')
      enterLine(job.group, tailOf(job))
      if job.lane then leavePlace(job.lane) end
    end
  end
  writeAll()
  return #seqs == mostLapsed
end`,
}

/** What a claim gave out is noted under its id, until nobody can hold any of it. */
export const repeats: Piece = {
  needs: [lanes],
  lua: `
local function stillHeld(claimId)
  local given = redis.call('HGET', at.claims, claimId) or ''
  local seqs, held, last = {}, {}, 0
  for from = 1, #given, 25 do seqs[#seqs + 1] = sub(given, from, from + 14) end
  for place, row in ipairs(readFields(at.jobs, seqs)) do
    local token = sub(given, 25 * place - 9, 25 * place)
    if row and byte(row) == 114 and sub(row, 19, 28) == token then
      local job = parse(seqs[place], row)
      if isHeld(job) then held[#held + 1], last = job, math.max(last, job.due) end
    end
  end
  return held, last
end

local function forgetOld()
  for _, old in ipairs(redis.call('ZRANGEBYSCORE', at.claimEnds, '-inf', whole(now), 'LIMIT', 0, 2)) do
    local held, last = stillHeld(old)
    zset(at.claimEnds, old, #held > 0 and whole(last))
    if #held == 0 then hset(at.claims, old, false) end
  end
end

local function remember(claimId, seqs, rows, leaseEnd)
  local given = {}
  for place, seq in ipairs(seqs) do given[place] = seq .. sub(rows[place], 19, 28) end
  forgetOld()
  hset(at.claims, claimId, table.concat(given))
  zset(at.claimEnds, claimId, leaseEnd)
end`,
}
