import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plant } from './planted.js'
import { runTool } from './run.js'

const banned = {
  'the time of day': 'export const planted = Date.now()\n',
  'a date of now': 'export const planted = new Date()\n',
  chance: 'export const planted = Math.random()\n',
  'a stopwatch': 'export const planted = performance.now()\n',
  'a timer': 'export const planted = setTimeout(() => {}, 1)\n',
  'a timer passed on': 'export const planted = [setInterval]\n',
  'a promise let go': 'export async function planted() {}\nplanted()\n',
}

const fine = 'export const planted = (clock: { now(): number }) => new Date(clock.now())\n'

const fileOf = (index: number) => `packages/core/src/planted-${index}.ts`

describe('the linter', () => {
  let folder: string

  beforeAll(() => {
    const files = Object.values(banned).map((content, index) => [fileOf(index), content])
    folder = plant({ ...Object.fromEntries(files), 'packages/core/src/planted-fine.ts': fine })
  })

  afterAll(() => rmSync(folder, { recursive: true }))

  it.each(Object.keys(banned).map((name, index) => [name, fileOf(index)] as const))(
    'refuses %s in core',
    (_, file) => {
      expect(runTool('biome', ['lint', file], folder).status).toBe(1)
    },
  )

  it('accepts a date made from a clock', () => {
    expect(runTool('biome', ['lint', 'packages/core/src/planted-fine.ts'], folder).status).toBe(0)
  })

  it('lets the clock itself ask the platform', () => {
    expect(runTool('biome', ['lint', 'packages/core/src/clock.ts'], folder).status).toBe(0)
  })
})
