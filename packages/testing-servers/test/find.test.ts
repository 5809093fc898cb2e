import { expect, it } from 'vitest'
import { findServer } from '../src/setup/find.js'
import type { ServerKind } from '../src/setup/kinds.js'

/** A kind of server of which those at `up` answer. */
function setup({ up = [], whyNot }: { up?: string[]; whyNot?: string } = {}) {
  const closed: string[] = []
  const kind: ServerKind = {
    name: 'redis',
    variable: 'TEST_URL',
    usual: ['usual:1', 'usual:2'],
    check: async url => {
      if (!up.includes(url)) throw new Error('nobody there')
    },
    whyNot: () => whyNot,
    start: async () => ({ url: 'own', close: async () => void closed.push('own') }),
  }
  return { kind, closed }
}

it('takes the server that the environment names before all others', async () => {
  const { kind } = setup({ up: ['named', 'usual:1'] })
  expect(await findServer(kind, { TEST_URL: 'named' })).toMatchObject({ url: 'named' })
})

it('takes no other in place of one that was named', async () => {
  const { kind } = setup({ up: ['usual:1'] })
  await expect(findServer(kind, { TEST_URL: 'named' })).rejects.toThrow(
    "TEST_URL names can't be used (Error: nobody",
  )
})

it('takes one that already listens, the best first', async () => {
  expect(await findServer(setup({ up: ['usual:2', 'usual:1'] }).kind, {})).toMatchObject({ url: 'usual:1' })
  expect(await findServer(setup({ up: ['usual:2'] }).kind, {})).toMatchObject({ url: 'usual:2' })
})

it('starts one where none listens, or none but its own is wanted', async () => {
  expect(await findServer(setup().kind, {})).toMatchObject({ url: 'own' })
  const own = { LONGHAUL_TEST_SERVERS: 'own' }
  expect(await findServer(setup({ up: ['usual:1'] }).kind, own)).toMatchObject({ url: 'own' })
})

it('stops the one that it started, and no other', async () => {
  const started = setup()
  await (await findServer(started.kind, {})).close()
  expect(started.closed).toEqual(['own'])

  const found = setup({ up: ['usual:1'] })
  await (await findServer(found.kind, {})).close()
  expect(found.closed).toEqual([])
})

it('says why, when none can be had', async () => {
  const { kind } = setup({ whyNot: 'none is installed' })
  await expect(findServer(kind, {})).rejects.toThrow('no server at usual:1, and none is installed')
})
