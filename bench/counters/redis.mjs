import { Redis } from 'ioredis'

/** Commands that the server ran, those of scripts included, without `INFO` itself. */
export async function createCounter(url) {
  const client = new Redis(url)
  return {
    async count() {
      const calls = [...(await client.info('commandstats')).matchAll(/cmdstat_(\S+?):calls=(\d+)/g)]
      return calls.filter(([, name]) => name !== 'info').reduce((sum, [, , times]) => sum + Number(times), 0)
    },
    close: async () => client.disconnect(),
  }
}
