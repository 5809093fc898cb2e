import * as api from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { defineProcessor, HandOver } from '../../src/index.js'
import { type OpenTelemetryOptions, openTelemetry } from '../../src/opentelemetry/index.js'
import { runToEnd } from '../../src/testing/index.js'
import { setup } from '../setup.js'

beforeAll(() => {
  api.context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
})
afterAll(() => api.context.disable())

const child = defineProcessor({ name: 'child', input: z.null(), queue: 'children', run: () => 'done' })
const parent = defineProcessor({
  name: 'parent',
  input: z.null(),
  queue: 'parents',
  run: ({ enqueue }) => enqueue(child, null),
})
const broken = defineProcessor({
  name: 'broken',
  input: z.null(),
  retry: { attempts: 1 },
  run: () => {
    throw Object.assign(new Error('secret=1'), { code: 'EBROKEN' })
  },
})
const walk = defineProcessor({
  name: 'walk',
  input: z.null(),
  items: ({ cursor }) => [1, 2, 3].filter(id => id > (cursor ?? 0)).map(id => [id, id]),
  each: () => {},
})

async function traced(name: 'parent' | 'broken' | 'walk', options: OpenTelemetryOptions = {}) {
  const exporter = new InMemorySpanExporter()
  const tracers = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
  const numbers = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const meters = new MeterProvider({ readers: [new PeriodicExportingMetricReader({ exporter: numbers })] })
  const telemetry = openTelemetry({
    tracer: tracers.getTracer('test'),
    meter: meters.getMeter('test'),
    ...options,
  })
  const { runner, clock } = setup([parent, child, broken, walk], { middleware: [telemetry] })
  const { id } = await runner.enqueue(name, null)
  await clock.advance(500)
  await runToEnd(runner, clock)
  const spans = exporter.getFinishedSpans()
  return {
    id,
    spans,
    named: (of: string) => spans.find(span => span.name === of) as ReadableSpan,
    meters,
    numbers,
  }
}

async function points({ meters, numbers }: Awaited<ReturnType<typeof traced>>, name: string) {
  await meters.forceFlush()
  const metrics = numbers
    .getMetrics()
    .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(scope => scope.metrics))
  await meters.shutdown()
  return metrics.find(({ descriptor }) => descriptor.name === name)?.dataPoints ?? []
}

describe('spans', () => {
  test('an enqueue is a producer span, an attempt a consumer span that is linked to it', async () => {
    const { id, named } = await traced('parent')
    const create = named('create parents')
    const process = named('process parents')
    expect([create.kind, process.kind]).toEqual([api.SpanKind.PRODUCER, api.SpanKind.CONSUMER])
    expect(process.links).toMatchObject([
      {
        context: {
          spanId: create.spanContext().spanId,
          traceId: create.spanContext().traceId,
          isRemote: true,
        },
      },
    ])
    expect(process.attributes).toMatchObject({
      'messaging.system': 'longhaul',
      'messaging.operation.name': 'process',
      'messaging.destination.name': 'parents',
      'messaging.message.id': id,
      'longhaul.processor': 'parent',
      'longhaul.job.attempt': 1,
    })
  })

  test('what a handler enqueues is part of its attempt', async () => {
    const { named } = await traced('parent')
    const create = named('create children')
    expect(create.parentSpanContext?.spanId).toBe(named('process parents').spanContext().spanId)
    expect(named('process children').links[0]?.context.spanId).toBe(create.spanContext().spanId)
  })

  test('an attempt that fails is an error, by its code and without its message', async () => {
    const { named } = await traced('broken')
    const process = named('process default')
    expect(process.status).toEqual({ code: api.SpanStatusCode.ERROR })
    expect(process.attributes).toMatchObject({ 'error.type': 'EBROKEN', 'longhaul.job.outcome': 'failed' })
    expect(JSON.stringify([process.attributes, process.events])).not.toContain('secret')
  })

  test('calls of the store are spans only when asked for', async () => {
    const calls = (spans: ReadableSpan[]) => spans.filter(({ kind }) => kind === api.SpanKind.CLIENT)
    expect(calls((await traced('parent')).spans)).toEqual([])
    const names = calls((await traced('parent', { storeSpans: true })).spans).map(({ name }) => name)
    expect(names).toEqual(expect.arrayContaining(['insert memory', 'claim memory', 'commit memory']))
  })
})

test('a job that is given back is no error', async () => {
  const exporter = new InMemorySpanExporter()
  const tracers = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
  let slices = 0
  const twice = defineProcessor({
    name: 'twice',
    input: z.null(),
    run: () => {
      if (slices++ === 0) throw new HandOver()
    },
  })
  const { runner, clock } = setup([twice], {
    middleware: [openTelemetry({ tracer: tracers.getTracer('test') })],
  })
  await runner.enqueue(twice, null)
  await runToEnd(runner, clock)
  const attempts = exporter.getFinishedSpans().filter(({ name }) => name === 'process default')
  expect(attempts.map(({ status, attributes }) => [status.code, attributes['longhaul.job.outcome']])).toEqual(
    [
      [api.SpanStatusCode.UNSET, 'yielded'],
      [api.SpanStatusCode.UNSET, 'completed'],
    ],
  )
})

describe('metrics', () => {
  test('attempts are counted by outcome', async () => {
    const [point] = await points(await traced('broken'), 'longhaul.attempts')
    expect(point).toMatchObject({
      value: 1,
      attributes: { 'longhaul.processor': 'broken', 'longhaul.job.outcome': 'failed' },
    })
  })

  test('a wait is measured in seconds', async () => {
    const [point] = await points(await traced('walk'), 'longhaul.job.wait')
    expect(point?.value).toMatchObject({ count: 1, sum: 0.5 })
  })

  test('items are counted', async () => {
    const [point] = await points(await traced('walk'), 'longhaul.items')
    expect(point).toMatchObject({ value: 3, attributes: { 'longhaul.item.outcome': 'completed' } })
  })

  test('attempts and calls of the store are timed', async () => {
    const made = await traced('walk')
    await made.meters.forceFlush()
    const names = made.numbers
      .getMetrics()[0]
      ?.scopeMetrics[0]?.metrics.map(({ descriptor }) => descriptor.name)
    expect(names).toEqual(
      expect.arrayContaining(['messaging.process.duration', 'longhaul.store.call.duration']),
    )
    await made.meters.shutdown()
  })
})

test('works with the providers of an api that is passed in', async () => {
  const exporter = new InMemorySpanExporter()
  const tracers = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })
  const own = {
    ...api,
    trace: Object.assign(Object.create(api.trace), { getTracer: () => tracers.getTracer('own') }),
  }
  const { runner } = setup([child], { middleware: [openTelemetry({ api: own })] })
  await runner.enqueue(child, null)
  expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual(['create children'])
})
