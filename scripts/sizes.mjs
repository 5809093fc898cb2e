// What an app pays for core, and what a reader of the sources has to hold in mind. Needs a build.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { buildSync } from 'esbuild'
import ts from 'typescript'
import { publishedPackages, root } from './workspace.mjs'

const median = numbers => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]
const kilobytes = bytes => `${(bytes / 1000).toFixed(1)} kB`
const linesOf = text => text.trimEnd().split('\n').length

/** An entry with all that it needs, minified for Node. */
function bundle(entry) {
  const shape = { bundle: true, minify: true, format: 'esm', platform: 'node', target: 'node20' }
  return buildSync({ entryPoints: [entry], write: false, ...shape }).outputFiles[0].contents
}

/** Milliseconds to import an entry: the median of 15 fresh processes. */
function importMs(entry) {
  const url = JSON.stringify(pathToFileURL(entry))
  const timed = `const t = performance.now(); await import(${url}); console.log(performance.now() - t)`
  const once = () => execFileSync('node', ['--input-type=module', '--eval', timed], { encoding: 'utf8' })
  return median(Array.from({ length: 15 }, () => Number(once())))
}

function entrySizes({ name, folder, exports }) {
  const entries = Object.entries(exports).filter(([, target]) => target.import)
  const sizes = entries.map(([path, target]) => {
    const file = join(root, folder, target.import.default)
    const code = bundle(file)
    const size = { minified: kilobytes(code.length), gzip: kilobytes(gzipSync(code).length) }
    return [name + path.slice(1), { ...size, import: `${importMs(file).toFixed(1)} ms` }]
  })
  return Object.fromEntries(sizes)
}

function sourceFiles({ folder }) {
  const src = join(root, folder, 'src')
  return readdirSync(src, { recursive: true })
    .filter(file => file.endsWith('.ts'))
    .map(file => ({ file: relative(root, join(src, file)), text: readFileSync(join(src, file), 'utf8') }))
}

/** The functions and methods with a name of their own; what they hold counts as part of them. */
function functionsIn({ file, text }) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const found = []
  const visit = node => {
    const name = node.name ?? node.parent?.name
    if (ts.isFunctionLike(node) && node.body && name) {
      found.push({ name: name.getText(), file, lines: linesOf(node.getText()) })
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

const packages = publishedPackages()
const core = packages.find(({ name }) => name === '@longhaul/core')
const files = packages.flatMap(sourceFiles)
const functions = files.flatMap(functionsIn)
const bySize = things => things.toSorted((a, b) => b.lines - a.lines)
const [longestFunction] = bySize(functions)
const [longestFile] = bySize(files.map(({ file, text }) => ({ file, lines: linesOf(text) })))
const contract = files.find(({ file }) => file === 'packages/core/src/store/contract.ts')

console.table(entrySizes(core))
console.table({
  'store contract': { lines: linesOf(contract.text), where: contract.file },
  'median function': { lines: median(functions.map(({ lines }) => lines)), where: `of ${functions.length}` },
  'longest function': {
    lines: longestFunction.lines,
    where: `${longestFunction.name} in ${longestFunction.file}`,
  },
  'median file': { lines: median(files.map(({ text }) => linesOf(text))), where: `of ${files.length}` },
  'longest file': { lines: longestFile.lines, where: longestFile.file },
})
