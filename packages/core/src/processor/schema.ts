import type { StandardSchemaV1 } from '@standard-schema/spec'
import { InputError, type InputIssue } from '../errors.js'

/** @throws {InputError} with all that is wrong with the input. */
export async function parseInput(
  processor: string,
  schema: StandardSchemaV1,
  input: unknown,
): Promise<unknown> {
  const result = await schema['~standard'].validate(input)
  if (result.issues) throw new InputError(processor, result.issues.map(toIssue))
  return result.value
}

/** A path holds plain keys in some libraries and objects with a `key` in others. */
function toIssue({ message, path = [] }: StandardSchemaV1.Issue): InputIssue {
  const keys = path.map(segment => (typeof segment === 'object' ? segment.key : segment))
  return { message, path: keys.map(key => (typeof key === 'number' ? key : String(key))) }
}
