import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Lane } from '../enqueue-options.js'
import type { GateOptions } from '../gate/index.js'
import type { RetryPolicy } from '../retry/policy.js'
import type { Slice } from './slice.js'

/**
 * Says what to do. Made by `defineProcessor`, given to `createRunner` on the side that works and to `enqueue`
 * on the side that asks.
 */
export interface Processor<Name extends string = string, Input = unknown, Output = unknown> {
  readonly name: Name
  readonly policies: Policies
  /** What its input must fit. */
  readonly schema: StandardSchemaV1
  /** @throws {InputError} when the input does not fit the schema. */
  parse(input: unknown): Promise<unknown>
  /** Does one slice of a job. */
  work(slice: Slice): Promise<Output>
  /** Carries the types; never there at run time. */
  readonly types?: { readonly input: (input: Input) => void; readonly output: Output }
}

/** A processor, whatever its input and output. */
// biome-ignore lint/suspicious/noExplicitAny: inputs are contravariant, so only `any` admits every processor
export type AnyProcessor = Processor<string, any, unknown>

/** What `enqueue` takes for a processor. */
export type InputOf<P> = P extends Processor<string, infer Input, unknown> ? Input : never

/** What a completed job of a processor gives. */
export type OutputOf<P> = P extends Processor<string, never, infer Output> ? Output : never

/** What the engine has to know about a processor. Functions are given the input as the schema gave it. */
export interface Policies {
  /** Whether it walks items, so that failed ones can be retried alone. */
  readonly walksItems: boolean
  readonly queue: string
  readonly lane: ((input: unknown) => Lane | null | undefined) | undefined
  readonly gate: ((input: unknown) => GateOptions) | undefined
  readonly retry: RetryPolicy
  readonly timeoutMs: number | undefined
  readonly maxCrashes: number
}

/** What both kinds of definition share. */
export interface Definition<Name extends string, Schema extends StandardSchemaV1, Counter extends string> {
  /** Stored with each job, so it must not change while jobs of it are kept. Up to 200 characters. */
  readonly name: Name
  /** Any Standard Schema (zod, valibot, arktype, …). Checked when a job is enqueued and again when it runs. */
  readonly input: Schema
  /** Names the counters, so that a misspelt one does not compile. Any name is taken when absent. */
  readonly counters?: readonly Counter[]
  /** @defaultValue 'default' */
  readonly queue?: string
  /** Jobs of one lane run one at a time (or `limit` at a time), over all workers. */
  readonly lane?: (input: StandardSchemaV1.InferOutput<Schema>) => Lane | null | undefined
  /** The limit that `call` keeps, shared by all jobs with the same key. */
  readonly gate?: (input: StandardSchemaV1.InferOutput<Schema>) => GateOptions
  readonly retry?: RetryPolicy
  /** How long one slice may take before its signal aborts and the attempt counts as failed, from 1. Absent: no limit. */
  readonly timeoutMs?: number
  /** How many workers in a row may die on a job, without progress, before it is `failed`. @defaultValue 3 */
  readonly maxCrashes?: number
}
