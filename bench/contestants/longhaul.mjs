import { longhaul } from '../packages.mjs'

/** Any object is an input: what a schema library costs is not the queue's business. */
const anything = { '~standard': { version: 1, vendor: 'bench', validate: value => ({ value }) } }

/** longhaul over a store that `makeStore` gives. Ended jobs stay as `completed`, as they do by default. */
export async function openLonghaul(makeStore, { concurrency, packages }) {
  const { createRunner, defineProcessor } = await longhaul('core', packages)
  let handle
  const processor = defineProcessor({
    name: 'bench',
    input: anything,
    run: ({ input }) => handle(input),
  })
  const runner = createRunner({ store: await makeStore(), processors: [processor], concurrency })
  await runner.open()
  runner.on('error', error => console.error(error))

  return {
    enqueue: data => runner.enqueue(processor, data),
    enqueueMany: many =>
      runner.enqueueMany(
        processor,
        many.map(input => ({ input })),
      ),
    async work(handler) {
      handle = handler
      await runner.start()
    },
    stop: () => runner.stop({ graceMs: 5_000 }),
    completed: async () => (await runner.stats()).states.completed,
    close: () => runner.close(),
  }
}
