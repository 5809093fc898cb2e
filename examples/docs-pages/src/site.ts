import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import sirv from 'sirv'

export interface Site {
  readonly url: string
  close(): void
}

/** Serves the files of `folder` on this machine alone. `onRequest` hears of each request before it is answered. */
export async function serve(folder: string, onRequest: (path: string) => void = () => {}): Promise<Site> {
  const files = sirv(folder)
  const server = createServer((request, response) => {
    onRequest(decodeURI((request.url ?? '/').slice(1)))
    files(request, response)
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}/`, close: () => void server.close() }
}

/** @throws an error with the `status` of an answer that is not the file. */
export async function fetchFile(site: string, path: string, signal: AbortSignal): Promise<Uint8Array> {
  const response = await fetch(new URL(encodeURI(path), site), { signal })
  if (!response.ok) {
    throw Object.assign(new Error(`${response.url} answered ${response.status}`), { status: response.status })
  }
  return new Uint8Array(await response.arrayBuffer())
}
