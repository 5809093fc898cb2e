// Imports point one way, types included.
import { publicSources, sourceCondition } from './scripts/workspace.mjs'

const home =
  '^(packages/(?:core|fuzz|http|model|network-faults|platform|simulation|soak|testing-servers|[^/]+/[^/]+)|examples/[^/]+|docs)/'
const publicEntries = publicSources().map(file => `^${file.replaceAll('.', '\\.')}$`)
const conformance = '^packages/stores/conformance/src/'
const storeContract = '^packages/core/src/store/'
const clock = '^packages/core/src/clock\\.ts$'

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })

export default {
  forbidden: [
    rule(
      'no-cycle',
      'Two files that need each other are one thing: join them, or take out what both need.',
      {},
      { circular: true },
    ),
    rule(
      'resolvable',
      'An import that leads nowhere would slip past every other rule.',
      {},
      { couldNotResolve: true },
    ),
    rule(
      'public-entries-only',
      'A package sees of another only what its exports name, so that the rest can change freely.',
      { path: home },
      { path: '^packages/', pathNot: ['^$1/', ...publicEntries] },
    ),
    rule(
      'by-name',
      'Another package is imported by its name, as it will be once installed.',
      { path: home },
      { path: '^packages/', pathNot: '^$1/', dependencyTypes: ['local'] },
    ),
    rule(
      'contract-is-a-leaf',
      'Whoever writes a store reads the contract and the clock, and nothing else of core.',
      { path: storeContract },
      { pathNot: [storeContract, clock] },
    ),
    rule(
      'core-knows-no-package',
      'Core works with any store and below any framework, so it names none.',
      { path: '^packages/core/' },
      { path: '^packages/', pathNot: '^packages/core/' },
    ),
    rule(
      'stores-know-the-contract',
      'A store keeps and core decides: nothing of core but the contract is needed to keep.',
      { path: '^packages/stores/([^/]+)/src/', pathNot: conformance },
      { path: '^packages/', pathNot: ['^packages/stores/$1/', storeContract] },
    ),
    rule(
      'conformance-knows-no-store',
      'The suite proves stores that it has never heard of.',
      { path: conformance },
      { path: '^packages/', pathNot: [conformance, '^packages/core/'] },
    ),
    rule(
      'processors-know-core',
      'A processor runs on any store and behind any framework.',
      { path: '^packages/processors/([^/]+)/src/' },
      { path: '^packages/', pathNot: ['^packages/processors/$1/', '^packages/core/'] },
    ),
    rule(
      'http-knows-core',
      'The routes are a front of any runner, on any store and below any framework.',
      { path: '^packages/http/src/' },
      { path: '^packages/', pathNot: ['^packages/http/', '^packages/core/'] },
    ),
    rule(
      'client-runs-in-browsers',
      'A page that loads the client loads nothing of the server.',
      { path: '^packages/http/src/client/' },
      { path: '^packages/', pathNot: '^packages/http/src/client/', dependencyTypesNot: ['type-only'] },
    ),
    rule(
      'client-needs-no-node',
      'A browser has no Node.',
      { path: '^packages/http/src/client/' },
      { dependencyTypes: ['core'] },
    ),
    rule(
      'frameworks-translate',
      'An adapter puts a request of its framework before the routes, and decides nothing.',
      { path: '^packages/frameworks/([^/]+)/src/' },
      { path: '^packages/', pathNot: ['^packages/frameworks/$1/', '^packages/(core|http)/'] },
    ),
    rule(
      'servers-are-for-tests',
      'They kill and restart real servers, and are published with nothing.',
      { pathNot: ['/test/', '^packages/(network-faults|soak|testing-servers)/'] },
      { path: '^packages/testing-servers/' },
    ),
    rule(
      'rules-know-no-engine',
      'Gates and progress are rules over values; the engine applies them.',
      { path: '^packages/core/src/(gate|progress)/' },
      { path: '^packages/core/src/(engine/|(create-)?runner)' },
    ),
    rule(
      'chores-know-no-engine',
      'Schedules and retention are chores; when a worker does them is its own matter.',
      { path: '^packages/core/src/(schedule|retention)/' },
      { path: '^packages/core/src/(engine/|(create-)?runner)' },
    ),
    rule(
      'peer-stays-at-its-entry',
      'An app that does not trace installs no OpenTelemetry.',
      { path: '^packages/core/src/', pathNot: '^packages/core/src/opentelemetry/index\\.ts$' },
      { path: '@opentelemetry/' },
    ),
    rule(
      'iterating-knows-no-runner',
      'Iterating is a way to run one slice; who claims slices is not its matter.',
      { path: '^packages/core/src/iterate/' },
      { path: '^packages/core/src/(create-)?runner' },
    ),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: '^(?!.*node_modules).*/(dist|\\.blocks|\\.next)/',
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: [sourceCondition, 'types', 'import', 'default'],
    },
  },
}
