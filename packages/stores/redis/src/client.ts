/** The part of a Redis client that the store uses. A `Redis` or `Cluster` of ioredis is one, and one of iovalkey. */
export interface RedisClient {
  call(command: string, args: (string | number)[]): Promise<unknown>
  /** A connection of its own to the same server: one that blocks would hold up the others. */
  duplicate(): RedisClient
  disconnect(): unknown
  on(event: 'error', listener: (error: unknown) => void): unknown
  /** Only the client of a cluster has it. */
  nodes?(role: 'master'): readonly Pick<RedisClient, 'call'>[]
}
