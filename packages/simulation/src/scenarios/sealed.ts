import { defineProcessor } from '@longhaul/core'
import { chain, compression, encryption } from '@longhaul/core/codecs'
import * as z from 'zod/mini'
import { common } from './runs.js'
import { defineScenario } from './scenario.js'

/** Where it is, in the shape that the place of a walk has. */
type Place = { readonly at: string; readonly cursor: number }

const secret = 'for your eyes only '
/** Long enough to be compressed. */
const letter = secret.repeat(5)

export const sealed = defineScenario({
  name: 'a job whose texts are compressed and encrypted',
  options: {
    codec: chain(
      compression({ above: 50 }),
      encryption({ keys: { first: new Uint8Array(32) }, use: 'first' }),
    ),
  },
  processors: hands => [
    defineProcessor({
      name: 'sealed',
      input: z.string(),
      ...common,
      async run({ input, cursor, checkpoint, ...context }) {
        const place = (cursor ?? { at: input, cursor: 0 }) as Place
        for (let page = place.cursor + 1; page <= 2; page++) {
          await hands.act(context, `${page} ${place.at}`)
          await checkpoint({ ...place, cursor: page })
        }
        return { input }
      },
    }),
  ],
  script: client => client.enqueue('sealed', letter, { key: 'sealed' }),
  expects: {
    secret,
    jobs: {
      sealed: {
        state: 'completed',
        acts: [`1 ${letter}`, `2 ${letter}`],
        reads: { input: letter, output: { input: letter } },
      },
    },
  },
})
