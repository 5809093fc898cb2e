import { rows } from './rows.js'
import type { Piece } from './script.js'

/**
 * Texts of a patch come as the letter of the text and, behind it, `=` and the value, or nothing for `null`. Numbers
 * of the work come in the order of the row, with `.` for one that stays.
 */
export const patches: Piece = {
  needs: [rows],
  lua: `
local letters = 'cemo'
local textKeys = { at.cursors, at.errors, at.memos, at.outputs }

local function patchTexts(job, list)
  for _, text in ipairs(list) do
    local letter, isThere = sub(text, 1, 1), sub(text, 2, 2) == '='
    local place = find(letters, letter, 1, true)
    hset(textKeys[place], job.seq, isThere and sub(text, 3))
    job.texts = sub(job.texts, 1, place - 1) .. (isThere and letter or '-') .. sub(job.texts, place + 1)
  end
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
