import { isRate } from './workloads/index.mjs'

/**
 * One table per figure. A ratio is the median over the rounds of the ratio in each round, for a machine that is
 * busy in one round slows all contestants of that round; above 1 is ahead.
 */
export function summary(rounds) {
  const names = [...new Set(rounds.flatMap(Object.keys))]
  const figures = [...new Set(rounds.flatMap(round => Object.values(round).flatMap(Object.keys)))]
  return figures.map(figure => ({ figure, rows: rowsOf(figure, names, rounds) }))
}

export function printTable({ figure, rows }) {
  console.log(`\n${figure} (${isRate(figure) ? 'more' : 'less'} is better)`)
  console.table(
    Object.fromEntries(
      rows.map(({ name, median, least, most, toPeer, toRaw }) => [
        name,
        {
          median: shown(median),
          'min – max': `${shown(least)} – ${shown(most)}`,
          '× best peer': toPeer?.toFixed(2) ?? '',
          '× raw': toRaw?.toFixed(2) ?? '',
        },
      ]),
    ),
  )
}

function rowsOf(figure, names, rounds) {
  const rows = names.map(name => rowOf(name, valuesOf(name, figure, rounds))).filter(row => row.median >= 0)
  const best = bestPeer(rows, figure)
  const ratio = (name, other) =>
    other && name !== other ? medianRatio(name, other, figure, rounds) : undefined
  const raw = rows.some(row => row.name === 'raw') ? 'raw' : undefined
  return rows.map(row => ({ ...row, toPeer: ratio(row.name, best), toRaw: ratio(row.name, raw) }))
}

function rowOf(name, values) {
  return { name, median: median(values), least: Math.min(...values), most: Math.max(...values) }
}

function bestPeer(rows, figure) {
  const peers = rows.filter(({ name }) => name !== 'raw' && !name.startsWith('longhaul'))
  const order = isRate(figure) ? -1 : 1
  return peers.sort((a, b) => order * (a.median - b.median))[0]?.name
}

function medianRatio(name, other, figure, rounds) {
  const ratios = rounds
    .map(round => [round[name]?.[figure], round[other]?.[figure]])
    .filter(pair => pair.every(value => value > 0))
    .map(([ours, theirs]) => (isRate(figure) ? ours / theirs : theirs / ours))
  return ratios.length > 0 ? median(ratios) : undefined
}

function valuesOf(name, figure, rounds) {
  return rounds.map(round => round[name]?.[figure]).filter(value => value !== undefined)
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

function shown(value) {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3)
}
