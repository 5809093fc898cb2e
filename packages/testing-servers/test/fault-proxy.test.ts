import { connect } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { faultProxy } from '../src/index.js'
import { conversation, hears, isOver, roundTrip, setup } from './echo.js'

it('without faults passes everything on, and the end as well', async () => {
  const { open, atServer } = await setup()
  const client = await open()
  await roundTrip(client, 'hello')

  client.socket.end()
  await isOver(atServer[0]!, 'end')
  await isOver(client, 'end')
})

it('delays each way, by chance a little more', async () => {
  const { proxy, open } = await setup({ random: () => 1 })
  const client = await open()

  proxy.apply({ delayMs: 30, jitterMs: 20 }, 'up')
  expect(await roundTrip(client, 'a')).toBeGreaterThan(49)
  proxy.apply({ delayMs: 30, jitterMs: 20 })
  expect(await roundTrip(client, 'b')).toBeGreaterThan(99)
})

it('delays what is under way at the same time together', async () => {
  const { proxy, open, atServer, passing } = await setup()
  const client = await open()
  proxy.apply({ delayMs: 200 }, 'up')

  const begun = performance.now()
  for (const [index, text] of [...'abcde'].entries()) {
    client.socket.write(text)
    await passing(index + 1)
  }
  await hears(atServer[0]!, 'abcde')
  expect(performance.now() - begun).toBeLessThan(5 * 200)
})

it('keeps the order of what chance delays', async () => {
  const chances = [1, 0, 0.5]
  const { proxy, open, atServer, passing } = await setup({ random: () => chances.shift() ?? 0 })
  const client = await open()
  proxy.apply({ jitterMs: 50 }, 'up')

  for (const [index, text] of [...'abc'].entries()) {
    client.socket.write(text)
    await passing(index + 1)
  }
  await hears(atServer[0]!, 'abc')
})

it('drops one way while the other is open, and delivers what was under way after healing', async () => {
  const { proxy, open, atServer } = await setup()
  const client = await open()
  proxy.apply({ drop: true }, 'down')

  client.socket.write('lost?')
  await hears(atServer[0]!, 'lost?')
  expect(client.heard).toBe('')

  await proxy.heal()
  await hears(client, 'lost?')
})

it('drops both ways on a connection that comes later', async () => {
  const { proxy, open, atServer } = await setup()
  proxy.apply({ drop: true })
  const client = await open()
  client.socket.write('anyone?')

  const other = await open()
  expect([client.heard, other.heard, client.over]).toEqual(['', '', undefined])
  expect(atServer.map(each => each.heard)).toEqual(['', ''])
})

it('lets a trickle through', async () => {
  const { proxy, open } = await setup()
  const client = await open()
  proxy.apply({ drip: { bytes: 2, everyMs: 20 } }, 'down')

  expect(await roundTrip(client, '12345678')).toBeGreaterThan(59)
})

it('ends a pause at once when it is healed', async () => {
  const { proxy, open, passing } = await setup()
  const client = await open()
  proxy.apply({ delayMs: 3_600_000 })
  client.socket.write('late')
  await passing(1)

  await proxy.heal()
  await hears(client, 'late')
})

it('cuts after so many bytes', async () => {
  const { proxy, open, atServer } = await setup()
  proxy.apply({ cutAfterBytes: 5 }, 'up')
  const client = await open()
  client.socket.write('abc')
  await hears(client, 'abc')
  client.socket.write('defg')

  await isOver(client, 'ECONNRESET')
  await isOver(atServer[0]!, 'end')
  expect(atServer[0]!.heard).toBe('abcde')
})

it.each([
  ['cutBefore', 'begin;'],
  ['cutBehind', 'begin;commit'],
] as const)('%s decides whether the message on which it cuts arrives', async (fault, arrived) => {
  const { proxy, open, atServer } = await setup()
  const client = await open()
  proxy.apply({ [fault]: 'commit' }, 'up')
  await roundTrip(client, 'begin;')
  client.socket.write('commit')

  await isOver(client, 'ECONNRESET')
  await isOver(atServer[0]!, 'end')
  expect([atServer[0]!.heard, client.heard]).toEqual([arrived, 'begin;'])
})

it('tells of a message that has gone on, before its answer is back', async () => {
  const { proxy, open, atServer } = await setup()
  const client = await open()
  const stop = proxy.behind('claim', connection => connection.apply({ drop: true }, 'down'))
  await roundTrip(client, 'begin;')
  client.socket.write('claim')
  await hears(atServer[0]!, 'begin;claim')
  expect(client.heard).toBe('begin;')

  stop()
  await proxy.heal()
  await hears(client, 'begin;claim')
  await roundTrip(client, 'claim')
})

it('resets both ends', async () => {
  const { proxy, open, atServer } = await setup()
  const client = await open()
  await roundTrip(client, 'a')

  proxy.reset()
  await isOver(client, 'ECONNRESET')
  await isOver(atServer[0]!, 'ECONNRESET')
})

it.each(['client', 'server'] as const)('leaves one end half-open when the %s is gone', async gone => {
  const { proxy, open, atServer } = await setup()
  const client = await open()
  await roundTrip(client, 'a')
  const [lost, survivor] = gone === 'client' ? [client, atServer[0]!] : [atServer[0]!, client]

  proxy.halfOpen(gone)
  await isOver(lost, 'ECONNRESET')
  survivor.socket.write('anyone?')
  const other = await open()
  await roundTrip(other, 'a new connection works')
  expect([survivor.heard, survivor.over]).toEqual(['a', undefined])

  await proxy.heal()
  survivor.socket.write('anyone now?')
  await isOver(survivor, 'ECONNRESET')
})

it('refuses new connections and keeps the old ones, until it is healed', async () => {
  const { proxy, open } = await setup()
  const client = await open()
  await roundTrip(client, 'a')

  proxy.refuse()
  await expect(open()).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  await roundTrip(client, 'b')

  await proxy.heal()
  await roundTrip(await open(), 'c')
})

it('harms one connection and not the others', async () => {
  const { proxy, open } = await setup()
  const [first, second] = [await open(), await open()]
  await roundTrip(first, 'a')
  await roundTrip(second, 'a')

  proxy.connections[0]!.reset()
  await isOver(first, 'ECONNRESET')
  await roundTrip(second, 'b')
  expect(proxy.connections).toHaveLength(1)
})

it('resets a client whose server is not there', async () => {
  const proxy = await faultProxy('tcp://127.0.0.1:1')
  onTestFinished(() => proxy.close())
  const client = conversation(connect(proxy.port, '127.0.0.1'))

  await isOver(client, 'ECONNRESET')
})
