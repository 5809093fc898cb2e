import { rmSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { plant } from './planted.js'
import { runTool } from './run.js'

interface Violation {
  readonly from: string
  readonly rule: { readonly name: string }
}

const core = 'packages/core/src'
const sqlite = 'packages/stores/sqlite/src'
const conformance = 'packages/stores/conformance/src'
const http = 'packages/http/src'
const next = 'packages/frameworks/next/src'
const workiz = 'packages/processors/workiz/src'

/** Each wrong import, with the rule that must catch it in that very file. */
const wrongImports: readonly [rule: string, file: string, content: string][] = [
  ['no-cycle', `${core}/planted-a.ts`, "import type { B } from './planted-b.js'\nexport type A = B\n"],
  ['resolvable', `${core}/planted-lost.ts`, "import './nowhere.js'\n"],
  ['public-entries-only', `${workiz}/planted-deep.ts`, "import '../../../core/src/clock.js'\n"],
  ['by-name', `${workiz}/planted-path.ts`, "import '../../../core/src/index.js'\n"],
  ['contract-is-a-leaf', `${core}/store/planted.ts`, "import type {} from '../errors.js'\n"],
  ['contract-is-a-leaf', `${core}/store/planted-library.ts`, "import 'uuidv7'\n"],
  ['core-knows-no-package', `${core}/planted.ts`, "import '../../stores/sqlite/src/index.js'\n"],
  ['stores-know-the-contract', `${sqlite}/planted.ts`, "import type {} from '@longhaul/core'\n"],
  ['conformance-knows-no-store', `${conformance}/planted.ts`, "import '../../sqlite/src/index.js'\n"],
  ['processors-know-core', `${workiz}/planted.ts`, "import type {} from '@longhaul/sqlite'\n"],
  [
    'servers-are-for-tests',
    `${workiz}/planted-servers.ts`,
    "import '../../../testing-servers/src/index.js'\n",
  ],
  ['rules-know-no-engine', `${core}/gate/planted.ts`, "import '../engine/planted.js'\n"],
  ['rules-know-no-engine', `${core}/progress/planted.ts`, "import '../runner-planted.js'\n"],
  ['chores-know-no-engine', `${core}/schedule/planted.ts`, "import '../engine/planted.js'\n"],
  ['chores-know-no-engine', `${core}/retention/planted.ts`, "import '../runner-planted.js'\n"],
  ['http-knows-core', `${http}/planted.ts`, "import '../../stores/sqlite/src/index.js'\n"],
  ['client-runs-in-browsers', `${http}/client/planted.ts`, "import '../planted-server.js'\n"],
  ['client-needs-no-node', `${http}/client/planted-node.ts`, "import 'node:crypto'\n"],
  ['frameworks-translate', `${next}/planted.ts`, "import '../../express/src/index.js'\n"],
  ['iterating-knows-no-runner', `${core}/iterate/planted.ts`, "import '../runner-planted.js'\n"],
]

const rightImports = {
  [`${workiz}/planted-right.ts`]: "import '@longhaul/core'\nimport '@longhaul/core/store'\n",
  [`${sqlite}/planted-right.ts`]: "import '@longhaul/core/store'\n",
  [`${conformance}/planted-right.ts`]: "import '@longhaul/core/testing'\n",
}

const planted = {
  ...rightImports,
  ...Object.fromEntries(wrongImports.map(([, file, content]) => [file, content])),
  [`${core}/planted-b.ts`]: "import type { A } from './planted-a.js'\nexport type B = A | string\n",
  [`${core}/engine/planted.ts`]: 'export {}\n',
  [`${core}/runner-planted.ts`]: 'export {}\n',
  [`${http}/planted-server.ts`]: 'export {}\n',
}

describe('the layer check', () => {
  let folder: string
  let violations: readonly Violation[]

  beforeAll(() => {
    folder = plant(planted)
    const args = ['--config', '.dependency-cruiser.mjs', '--output-type', 'json', 'packages']
    violations = JSON.parse(runTool('depcruise', args, folder).stdout).summary.violations
  }, 60_000)

  afterAll(() => rmSync(folder, { recursive: true }))

  it.each(wrongImports)('reports %s for %s', (rule, file) => {
    const rules = violations
      .filter(violation => violation.from === file)
      .map(violation => violation.rule.name)
    expect(rules).toContain(rule)
  })

  it('has nothing against the ways that are meant', () => {
    expect(violations.filter(violation => violation.from in rightImports)).toEqual([])
  })
})
