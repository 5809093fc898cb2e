import { memorySource } from './memory.js'
import { postgresSource } from './postgres.js'
import { redisSource } from './redis.js'
import { sqliteSource } from './sqlite.js'
import type { Source, Subject } from './subject.js'

export type { Source, Subject } from './subject.js'
export { memorySource }

/** Every store of the workspace, the one that others are compared with first; without those that lack a server. */
export function everySource({
  TEST_POSTGRES_URL: postgres,
  TEST_REDIS_URL: redis,
}: NodeJS.ProcessEnv): readonly Source[] {
  const onServers = [postgres && postgresSource(postgres), redis && redisSource(redis)]
  return [memorySource(), sqliteSource(), ...onServers.filter(source => !!source)]
}

/** @param startMs What all their clocks tell. */
export async function freshSubjects(sources: readonly Source[], startMs: number): Promise<Subject[]> {
  const subjects = await Promise.all(sources.map(source => source.fresh()))
  await Promise.all(subjects.map(subject => subject.setNow(startMs)))
  return subjects
}
