import { defineConfig } from 'tsup'

/** How every published package is built: one ESM and one CJS file per entry, each with its types. */
export const build = (entry: Record<string, string>) =>
  defineConfig({
    entry,
    format: ['esm', 'cjs'],
    dts: true,
    sourcemap: true,
    clean: true,
    splitting: true,
    treeshake: true,
    platform: 'node',
    target: 'node20',
  })
