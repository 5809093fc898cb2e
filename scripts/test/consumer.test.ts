import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { publishedPackages, root, sourceCondition } from '../workspace.mjs'
import { runTool } from './run.js'

const packages = publishedPackages()
const entries = packages.flatMap(({ name, exports }) =>
  Object.keys(exports)
    .filter(path => path !== './package.json')
    .map(path => name + path.slice(1)),
)

const strict = {
  strict: true,
  skipLibCheck: false,
  noEmit: true,
  target: 'es2022',
  lib: ['es2023'],
  types: ['node'],
}

// Without scripts: how a driver is compiled is not the matter here.
const npmInstall = ['install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund']

const pnpm = join(root, 'node_modules/.bin/pnpm')

const readJson = (file: string) => JSON.parse(readFileSync(file, 'utf8'))

/** The version of a development tool that the workspace itself uses. */
const pinned = (name: string) =>
  `${name}@${readJson(join(root, 'node_modules', name, 'package.json')).version}`

/** Who uses an entry for an optional peer has that installed. */
const optionalPeers = packages.flatMap(({ folder }) =>
  Object.keys(readJson(join(root, folder, 'package.json')).peerDependenciesMeta ?? {})
    .filter(name => name.startsWith('@opentelemetry/'))
    .map(name => `${name}@${readJson(join(root, folder, 'node_modules', name, 'package.json')).version}`),
)

/** Every file that an exports map leads to, whatever the conditions. */
const targets = (exports: unknown): string[] =>
  typeof exports === 'string' ? [exports] : Object.values(exports as object).flatMap(targets)

describe('an app that installs the packed packages', () => {
  const app = mkdtempSync(join(tmpdir(), 'longhaul-consumer-'))
  const installed = (name: string, file: string) => join(app, 'node_modules', name, file)
  const manifestOf = (name: string) => readJson(installed(name, 'package.json'))
  const write = (file: string, content: string) => writeFileSync(join(app, file), content)
  const run = (command: string, ...args: string[]) =>
    execFileSync(command, args, { cwd: app, encoding: 'utf8', stdio: 'pipe' })

  beforeAll(() => {
    write('package.json', '{ "private": true }')
    for (const { folder } of packages) run(pnpm, '-C', join(root, folder), 'pack', '--pack-destination', app)
    const tarballs = readdirSync(app).filter(file => file.endsWith('.tgz'))
    run('npm', ...npmInstall, pinned('@types/node'), ...optionalPeers, ...tarballs.map(file => `./${file}`))
  }, 300_000)

  afterAll(() => rmSync(app, { recursive: true }))

  describe.each(packages.map(({ name }) => name))('finds that %s', name => {
    it('carries its licence', () => {
      expect(existsSync(installed(name, 'LICENSE'))).toBe(true)
    })

    it('runs no script of its own when it is installed', () => {
      const scripts = Object.keys(manifestOf(name).scripts ?? {})
      expect(scripts.filter(script => /^(pre|post)?install$/.test(script))).toEqual([])
    })

    it('has every file that its exports name', () => {
      expect(targets(manifestOf(name).exports).filter(file => !existsSync(installed(name, file)))).toEqual([])
    })

    it('keeps its sources and their export condition to itself', () => {
      expect(JSON.stringify(manifestOf(name).exports)).not.toContain(sourceCondition)
      expect(existsSync(installed(name, 'src'))).toBe(false)
    })
  })

  it.each(entries)('imports and requires %s, and gets the same names from both', entry => {
    write('load.mjs', `import * as entry from '${entry}'\nconsole.log(Object.keys(entry).sort().join())\n`)
    write('load.cjs', `console.log(Object.keys(require('${entry}')).sort().join())\n`)
    expect(run('node', 'load.cjs')).toBe(run('node', 'load.mjs'))
  })

  it.each([
    ['nodenext', 'nodenext'],
    ['bundler', 'preserve'],
  ])(
    'type-checks with %s resolution, the types of all libraries included',
    (moduleResolution, module) => {
      write('esm.mts', entries.map((entry, i) => `import * as e${i} from '${entry}'\nvoid e${i}\n`).join(''))
      write('cjs.cts', entries.map((entry, i) => `import e${i} = require('${entry}')\nvoid e${i}\n`).join(''))
      const compilerOptions = { ...strict, module, moduleResolution }
      write('tsconfig.json', JSON.stringify({ compilerOptions, files: ['esm.mts', 'cjs.cts'] }))
      expect(runTool('tsc', [], app).stdout).toBe('')
    },
    60_000,
  )
})
