import { expect, test } from 'vitest'
import { Counter } from '../../src/metrics/counter.js'
import { exposition, type Family } from '../../src/metrics/exposition.js'
import { Histogram } from '../../src/metrics/histogram.js'

const family = (more: Partial<Family>): Family => ({
  name: 'x',
  type: 'gauge',
  help: 'Help.',
  samples: [],
  ...more,
})

test('a family has its help, its type and its samples, each on a line that ends', () => {
  const samples = [
    { labels: {}, value: 1 },
    { labels: { a: 'b', c: 'd' }, value: 2.5 },
  ]
  expect(exposition([family({ samples })])).toBe('# HELP x Help.\n# TYPE x gauge\nx 1\nx{a="b",c="d"} 2.5\n')
})

test('a family without samples is left out', () => {
  expect(exposition([family({})])).toBe('')
})

test('quotes, backslashes and line ends in a label are escaped; quotes in a help are not', () => {
  const samples = [{ labels: { a: 'one "two" \\three\nfour' }, value: 1 }]
  const text = exposition([family({ help: 'one "two" \\three\nfour', samples })])
  expect(text.split('\n')).toEqual([
    '# HELP x one "two" \\\\three\\nfour',
    '# TYPE x gauge',
    'x{a="one \\"two\\" \\\\three\\nfour"} 1',
    '',
  ])
})

test('numbers that are none are spelt as Prometheus reads them', () => {
  const values = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN]
  const text = exposition([family({ samples: values.map(value => ({ labels: {}, value })) })])
  expect(text).toContain('x +Inf\nx -Inf\nx NaN\n')
})

test('a counter keeps apart what differs in any label, and never falls', () => {
  const counter = new Counter('a', 'b')
  counter.add(1, 'x', 'y,z')
  counter.add(2, 'x,y', 'z')
  counter.add(3, 'x', 'y,z')
  counter.add(-9, 'x', 'y,z')
  expect(counter.samples()).toEqual([
    { labels: { a: 'x', b: 'y,z' }, value: 4 },
    { labels: { a: 'x,y', b: 'z' }, value: 2 },
  ])
})

test('a histogram adds up its buckets, and a value on a bound is within it', () => {
  const histogram = new Histogram('of', [1, 5])
  for (const value of [0.5, 1, 4, 90]) histogram.record(value, 'a')
  expect(
    exposition([family({ type: 'histogram', samples: histogram.samples() })])
      .split('\n')
      .slice(2),
  ).toEqual([
    'x_bucket{of="a",le="1"} 2',
    'x_bucket{of="a",le="5"} 3',
    'x_bucket{of="a",le="+Inf"} 4',
    'x_sum{of="a"} 95.5',
    'x_count{of="a"} 4',
    '',
  ])
})
