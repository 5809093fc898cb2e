import type { Piece } from './script.js'

/** The server's clock in milliseconds. */
export const time: Piece = {
  lua: `
local moment = redis.call('TIME')
local now = moment[1] * 1000 + math.floor(moment[2] / 1000) + (tonumber(redis.call('GET', at.clock)) or 0)`,
}

/** Takes one argument after the other. */
export const args: Piece = {
  lua: `
local argument = 0
local function take()
  argument = argument + 1
  return ARGV[argument] or error('an argument is missing')
end

local function takeNumber()
  return tonumber(take()) or error('an argument is not a number')
end

local function takeList()
  local list = {}
  for place = 1, takeNumber() do list[place] = take() end
  return list
end`,
}

export const texts: Piece = {
  lua: `
-- Lua shows large numbers as 1.7e+15 where it is left to itself.
local function whole(number)
  return format('%d', number)
end

-- An instant as digits whose order is that of the numbers.
local function digits(number)
  return format('%016d', number < 0 and 0 or number)
end

-- The text with its length before it, as the client frames names, and where the next one starts.
local function frameAt(text, from)
  local colon = find(text, ':', from, true) or error('a frame is broken')
  local last = colon + tonumber(sub(text, from, colon - 1))
  return sub(text, from, last), last + 1
end

local function unframed(frame)
  return sub(frame, find(frame, ':', 1, true) + 1)
end

-- Marks are frames in a row. The first letter of each says what is marked.
local function eachMark(marks, use)
  local from = 1
  while from <= #marks do
    local frame, next = frameAt(marks, from)
    local name = unframed(frame)
    use(sub(name, 1, 1), sub(name, 2), frame)
    from = next
  end
end`,
}

/** Reads and writes many members at once: Lua's stack bounds how many arguments a call can have. */
export const many: Piece = {
  lua: `
local mostArguments = 4000

local function inParts(command, key, list)
  for from = 1, #list, mostArguments do
    redis.call(command, key, unpack(list, from, math.min(from + mostArguments - 1, #list)))
  end
end

local function readFields(key, fields)
  if #fields == 0 then return {} end
  if #fields <= mostArguments then return redis.call('HMGET', key, unpack(fields)) end
  local values = {}
  for from = 1, #fields, mostArguments do
    local to = math.min(from + mostArguments - 1, #fields)
    for place, value in ipairs(redis.call('HMGET', key, unpack(fields, from, to))) do
      values[from + place - 1] = value
    end
  end
  return values
end`,
}

/** Keeps a count, of which nothing is left at zero. */
export const counting: Piece = {
  needs: [texts],
  lua: `
local function tallyUp(field, number)
  if redis.call('HINCRBY', at.tallies, field, whole(number)) == 0 then redis.call('HDEL', at.tallies, field) end
end`,
}

/**
 * Collects what shall be written, so that everything is read and checked before the first write: a script that
 * fails does not take its writes back. What is said last about a member is what counts.
 */
export const changes: Piece = {
  needs: [many],
  lua: `
local hashes, sorted = {}, {}

local function note(all, key, member, value)
  local members = all[key]
  if not members then
    members = {}
    all[key] = members
  end
  members[member] = value
end

-- false deletes.
local function hset(key, field, value)
  note(hashes, key, field, value)
end

-- A score of false removes. Others are texts: to show a number takes Redis longer than to store it.
local function zset(key, member, score)
  note(sorted, key, member, score)
end

-- Arguments for many members, each named once, and written in order behind all that was noted.
local lists = { ZREM = {}, HSET = {}, ZADD = {} }

local function listFor(command, key)
  local list = lists[command][key]
  if not list then
    list = {}
    lists[command][key] = list
  end
  return list
end

local function append(list, first, second)
  local size = #list
  list[size + 1], list[size + 2] = first, second
end

-- Removes at once, and answers what to add.
local function removeGone(members, command, key)
  local gone, added, removals, additions = {}, {}, 0, 0
  for member, value in pairs(members) do
    if value then
      added[additions + 1], added[additions + 2] = member, value
      additions = additions + 2
    else
      removals = removals + 1
      gone[removals] = member
    end
  end
  inParts(command, key, gone)
  return added
end

local function writeChanges()
  local fields, scores = {}, {}
  for key, members in pairs(hashes) do fields[key] = removeGone(members, 'HDEL', key) end
  for key, members in pairs(sorted) do scores[key] = removeGone(members, 'ZREM', key) end
  for key, added in pairs(fields) do inParts('HSET', key, added) end
  for key, added in pairs(scores) do
    for place = 1, #added, 2 do added[place], added[place + 1] = added[place + 1], added[place] end
    inParts('ZADD', key, added)
  end
  for command, keys in pairs(lists) do
    for key, list in pairs(keys) do inParts(command, key, list) end
  end
  hashes, sorted, lists = {}, {}, { ZREM = {}, HSET = {}, ZADD = {} }
end`,
}
