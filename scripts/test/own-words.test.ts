import { describe, expect, it } from 'vitest'
import { projectFiles } from '../workspace.mjs'

const elsewhere = {
  'a registry host': /registry\.[a-z-]+\.|npmjs\.(org|com)|npmmirror\.|yarnpkg\.com/,
  'a folder of one machine': /\/root\/|\/home\/[a-z]|\/Users\/[a-z]|\/work\/(main|shared)|\/tmp\/[a-z]/,
}

const files = projectFiles()

describe('the files of the project', () => {
  it.each(Object.entries(elsewhere))('never name %s', (_, pattern) => {
    const lines = files.flatMap(({ file, text }) => text.split('\n').map(line => `${file}: ${line.trim()}`))
    expect(lines.filter(line => pattern.test(line))).toEqual([])
  })
})
