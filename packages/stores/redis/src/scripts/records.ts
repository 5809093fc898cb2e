import { args, changes } from './basics.js'
import { rows } from './rows.js'
import { type Piece, script } from './script.js'

/** Records of a job have places from 1 on. An item starts with the frame of its key, and keeps its place. */
export const records: Piece = {
  needs: [args, changes],
  lua: `
local recordedNow, placeOfItem = {}, {}

local function nextPlace(seq, kind)
  local field = seq .. kind
  recordedNow[field] = (recordedNow[field] or tonumber(redis.call('HGET', at.recorded, field) or 0)) + 1
  hset(at.recorded, field, whole(recordedNow[field]))
  return whole(recordedNow[field])
end

local function keepItems(seq, list)
  local fields = {}
  for place, item in ipairs(list) do fields[place] = seq .. frameAt(item, 1) end
  for place, known in ipairs(readFields(at.places, fields)) do
    local field = fields[place]
    if not placeOfItem[field] then
      placeOfItem[field] = known or nextPlace(seq, 'items')
      hset(at.places, field, placeOfItem[field])
    end
    hset(at.items, seq .. ':' .. placeOfItem[field], list[place])
  end
end

local function keepLogs(seq, list, moment)
  for _, line in ipairs(list) do
    hset(at.logs, seq .. ':' .. nextPlace(seq, 'logs'), moment .. ' ' .. line)
  end
end`,
}

/** Arguments: job id, kind, last place before the page, limit. Answers with the records and the last place of all. */
const read = (kind: 'items' | 'logs') =>
  script(
    kind,
    [args, rows],
    `
local job, after, limit = parse(redis.call('HGET', at.jobs, take())), takeNumber(), takeNumber()
if not job then return { {}, 0 } end
local seq = job.seq
local last = tonumber(redis.call('HGET', at.recorded, seq .. '${kind}') or 0)
local fields = {}
for place = after + 1, math.min(after + limit, last) do fields[#fields + 1] = seq .. ':' .. place end
return { readFields(at.${kind}, fields), last }`,
  )

export const recordScripts = { items: read('items'), logs: read('logs') } as const
