import { execFile } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { projectFiles, root } from '../../scripts/workspace.mjs'
import { type Block, blocksIn, folderOf, moduleOf, promisedOutput, typeErrors } from './blocks.js'

const workspace = join(root, 'docs/.blocks')

const pages = projectFiles().filter(({ file }) => file.endsWith('.md'))
const blocks = pages.flatMap(({ file, text }) => blocksIn(file, text))
const compiled = blocks.filter(block => block.mark !== 'fragment')
const printing = compiled.filter(block => promisedOutput(block) !== undefined)

const fileOf = (block: Block) => join(workspace, folderOf(block), `block.${block.language}`)
const run = promisify(execFile)
const live = ['--conditions=@longhaul/source', '--import', 'tsx']

describe('the code in the docs', () => {
  let errors: Map<string, string[]>

  beforeAll(() => {
    rmSync(workspace, { recursive: true, force: true })
    for (const block of compiled) {
      mkdirSync(dirname(fileOf(block)), { recursive: true })
      writeFileSync(fileOf(block), moduleOf(block))
    }
    errors = typeErrors(compiled.map(fileOf), join(root, 'tsconfig.base.json'))
  }, 60_000)

  it.each(compiled.map(block => [block.at, block] as const))('compiles at %s', (_, block) => {
    expect(errors.get(fileOf(block))).toEqual([])
  })

  it.concurrent.each(printing.map(block => [block.at, block] as const))(
    'prints what it says at %s',
    async (_, block) => {
      const cwd = dirname(fileOf(block))
      const { stdout } = await run(process.execPath, [...live, fileOf(block)], { cwd })
      expect(stdout.trimEnd().split('\n')).toEqual(promisedOutput(block))
    },
    30_000,
  )

  it('is nearly always whole: at most three fragments', () => {
    expect(blocks.length - compiled.length).toBeLessThanOrEqual(3)
  })

  it('is fenced as ts or js, the names that are looked for', () => {
    const otherName = /^ *```(typescript|javascript|[tj]sx|[mc][tj]s)/m
    const overlooked = pages.filter(({ text }) => otherName.test(text))
    expect(overlooked.map(({ file }) => file)).toEqual([])
  })

  it('is marked with words that mean something', () => {
    const known = ['', 'no-run', 'fragment']
    expect(blocks.filter(({ mark }) => !known.includes(mark)).map(({ at }) => at)).toEqual([])
  })
})
