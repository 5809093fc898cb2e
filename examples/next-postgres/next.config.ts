import { join } from 'node:path'
import type { NextConfig } from 'next'

/** In this repository the packages are taken as their sources. An app that has installed them leaves this out. */
const sources = {
  '@longhaul/core': '../../packages/core/src/index.ts',
  '@longhaul/core/store': '../../packages/core/src/store/index.ts',
  '@longhaul/http': '../../packages/http/src/index.ts',
  '@longhaul/http/client': '../../packages/http/src/client/index.ts',
  '@longhaul/http/node': '../../packages/http/src/node/index.ts',
  '@longhaul/next': '../../packages/frameworks/next/src/index.ts',
  '@longhaul/postgres': '../../packages/stores/postgres/src/index.ts',
}

const config: NextConfig = {
  turbopack: {
    root: join(import.meta.dirname, '../..'),
    resolveAlias: sources,
  },
  // Here imports end in .js, as everywhere in this repository, which checks the types by itself.
  typescript: { tsconfigPath: 'tsconfig.build.json', ignoreBuildErrors: true },
}

export default config
