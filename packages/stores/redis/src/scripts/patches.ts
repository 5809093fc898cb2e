import { rows } from './rows.js'
import type { Piece } from './script.js'

/**
 * Texts of a patch come as the letter of the text, then as the flag that the row has for it, and the value, if any.
 * Numbers of the work come in the order of the row, with `.` for one that stays.
 */
export const patches: Piece = {
  needs: [rows],
  lua: `
-- Behind the id a row has the rest of the spec, the input, and these.
local partOf = { c = 3, e = 4, m = 5, o = 6 }

local function partsOf(rest)
  local parts, from = {}, 1
  for place = 1, 5 do
    local to = find(rest, '\\0', from, true)
    parts[place], from = sub(rest, from, to - 1), to + 1
  end
  parts[6] = sub(rest, from)
  return parts
end

local function patchText(job, parts, text)
  local letter, flag, value = sub(text, 1, 1), sub(text, 2, 2), sub(text, 3)
  if flag == '+' then hset(at.texts, letter .. job.id, value) end
  if flag ~= '+' and job[letter] == '+' then hset(at.texts, letter .. job.id, false) end
  parts[partOf[letter]] = flag == '=' and value or ''
  job[letter] = flag
end

local function patchTexts(job, list)
  if #list == 0 then return end
  local parts = partsOf(job.rest)
  for _, text in ipairs(list) do patchText(job, parts, text) end
  job.rest = table.concat(parts, '\\0')
end

local function patchWork(job, work)
  if work == '' then return end
  local following = string.gmatch(work, '%S+')
  job.work = string.gsub(job.work, '%S+', function(before)
    local number = following()
    return number == '.' and before or number
  end)
end`,
}
