import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable']

/** Where the browser is, by CHROMIUM or the PATH. */
export const executable = process.env.CHROMIUM ?? findInPath()

if (!executable)
  console.warn('SKIPPED: there is no Chromium here, so the page is not looked at. Set CHROMIUM.')

export function launch(): Promise<Browser> {
  return chromium.launch({ ...(executable && { executablePath: executable }), args: ['--no-sandbox'] })
}

function findInPath(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.flatMap(folder => names.map(name => join(folder, name))).find(isExecutable)
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}
