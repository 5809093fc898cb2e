import { args, texts, time } from './basics.js'
import { type Piece, script } from './script.js'

/** A cell is kept as its version, a space, the frame of the change that made it, and `=` with its value, if any. */
const cells: Piece = {
  needs: [args, texts, time],
  lua: `
local function read(name)
  local cell = redis.call('HGET', at.cells, name)
  if not cell then return { version = 0 } end
  local version, rest = match(cell, '^(%d+) (.*)$')
  local change, behind = frameAt(rest, 1)
  return { version = tonumber(version), change = change, value = sub(rest, behind) }
end

local function shown(cell)
  return { whole(cell.version), cell.value or '', whole(now) }
end`,
}

/** Argument: the name. Answers with version, value with its mark, and time. */
export const cellScript = script('cell', [cells], 'return shown(read(take()))')

/** Arguments: the name, the version that was read, the frame of the change, the value with its mark. */
export const swapScript = script(
  'swap',
  [cells],
  `
local name, version, change, value = take(), takeNumber(), take(), take()
local cell = read(name)
if cell.change == change then return shown(cell) end
if cell.version ~= version then return false end
redis.call('HSET', at.cells, name, whole(version + 1) .. ' ' .. change .. value)
return shown({ version = version + 1, value = value })`,
)
