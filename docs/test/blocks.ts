import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

/** A fenced piece of code in a page. Each is a whole module. */
export interface Block {
  /** The page and the line of the fence, as in `README.md:42`. */
  readonly at: string
  readonly line: number
  readonly language: 'ts' | 'js'
  /** `no-run`: compiled only. `fragment`: neither compiled nor run. */
  readonly mark: string
  readonly code: string
}

const fence = /^( *)```(ts|js)\b *(.*)\n([\s\S]*?)^\1```$/gm

/** The blocks of a page, in order. */
export function blocksIn(page: string, text: string): Block[] {
  return [...text.matchAll(fence)].map(
    ({ index, 1: indent = '', 2: language, 3: mark = '', 4: code = '' }) => {
      const line = text.slice(0, index).split('\n').length
      const flush = code.replaceAll(new RegExp(`^${indent}`, 'gm'), '')
      return { at: `${page}:${line}`, line, language: language as Block['language'], mark, code: flush }
    },
  )
}

/** What a block says it prints: the comment lines after `// Output:`, to its end. */
export function promisedOutput({ mark, code }: Block): string[] | undefined {
  const [, output] = mark === '' ? code.split(/^\/\/ Output:\n/m) : []
  return output
    ?.trimEnd()
    .split('\n')
    .map(line => line.replace(/^\/\/ ?/, ''))
}

/** The block as a file of its own, in which each line has the number that it has in the page. */
export const moduleOf = ({ line, code }: Block): string => '\n'.repeat(line) + code

/** The folder that a block's file stands in. */
export const folderOf = ({ at }: Block): string => at.replaceAll(/[^A-Za-z0-9-]+/g, '-')

/** Checks all files in one program against the live sources. @returns messages by file */
export function typeErrors(files: readonly string[], tsconfig: string): Map<string, string[]> {
  const program = ts.createProgram([...files], {
    ...compilerOptions(tsconfig),
    allowJs: true,
    checkJs: true,
    declaration: false,
    moduleDetection: ts.ModuleDetectionKind.Force,
  })
  return new Map(files.map(file => [file, diagnosticsOf(program, file)]))
}

function compilerOptions(tsconfig: string): ts.CompilerOptions {
  const { config } = ts.readConfigFile(tsconfig, path => readFileSync(path, 'utf8'))
  return ts.convertCompilerOptionsFromJson(config.compilerOptions, join(tsconfig, '..')).options
}

function diagnosticsOf(program: ts.Program, file: string): string[] {
  return ts
    .getPreEmitDiagnostics(program, program.getSourceFile(file))
    .map(({ start, file, messageText }) => {
      const line = file && start !== undefined ? file.getLineAndCharacterOfPosition(start).line + 1 : 0
      return `line ${line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`
    })
}
