import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, symlink } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { VersionResult } from './report.js'
import { type RunOptions, runProject } from './run-project.js'

/** The tests of the Redis store on this program: the shared server, those of single tests and a cluster are all its. */
export async function onRedis(program: string, { folder, tests }: RunOptions): Promise<VersionResult> {
  const own = join(folder, program.replaceAll(/\W/g, '-'))
  await mkdir(own)
  await symlink(resolve(program), join(own, 'redis-server'))
  const environment = { PATH: `${own}:${process.env.PATH}`, LONGHAUL_TEST_SERVERS: 'own' }
  return { version: versionOf(program), ...(await runProject('redis', environment, { folder: own, tests })) }
}

/** Every server of the kind that the PATH leads to. */
export function redisOnPath(): string[] {
  const folders = (process.env.PATH ?? '').split(':')
  const programs = ['redis-server', 'valkey-server'].map(name =>
    folders.map(folder => join(folder, name)).find(existsSync),
  )
  return programs.filter(program => program !== undefined)
}

function versionOf(program: string): string {
  const text = execFileSync(program, ['--version'], { encoding: 'utf8' })
  return `${text.split(' ')[0]} ${/v=([\d.]+)/.exec(text)?.[1] ?? 'unknown'}`
}
