import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { root } from '../workspace.mjs'

/** Runs one of the workspace's own tools in a folder, without colour. */
export function runTool(name: string, args: readonly string[], cwd: string) {
  const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined }
  return spawnSync(join(root, 'node_modules/.bin', name), args, {
    cwd,
    env,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  })
}
