import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it, vi } from 'vitest'
import { ask, Refused } from '../../console/web/src/live/api.ts'

const there = globalThis.fetch
let server: Server | undefined
const answers = async (listener: RequestListener) => {
  const opened = createServer(listener).listen(0, '127.0.0.1')
  server = opened
  await new Promise(done => opened.once('listening', done))
  const { port } = opened.address() as AddressInfo
  // A page has an address of its own to begin from.
  vi.stubGlobal('fetch', (path: string, request: RequestInit) => there(`http://127.0.0.1:${port}${path}`, request))
}
afterEach(() => {
  vi.unstubAllGlobals()
  server?.closeAllConnections()
  server?.close()
})
const refusal = () =>
  ask('GET /sign-in').then(
    () => undefined,
    (e: unknown) => e,
  )

it('an answer that breaks off half way is none, and no failure of the server', async () => {
  await answers((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 })
    response.write('{"demo":')
    setTimeout(() => response.destroy(), 10)
  })
  expect(await refusal()).toMatchObject({ status: 0, code: 'offline' })
  expect(await refusal()).toBeInstanceOf(Refused)
})

it('a whole answer is what the table says, an empty one is nothing', async () => {
  await answers((_, response) => response.writeHead(200).end('{"demo":true,"provider":false}'))
  expect(await ask('GET /sign-in')).toEqual({ demo: true, provider: false })
})

it('a refusal keeps its name and field; what is not ours is a failure of the server', async () => {
  await answers((_, response) => response.writeHead(422).end('{"error":"wrong-password","field":"password"}'))
  expect(await refusal()).toMatchObject({ status: 422, code: 'wrong-password', field: 'password' })
  server?.close()
  await answers((_, response) => response.writeHead(502).end('<html>'))
  expect(await refusal()).toMatchObject({ status: 502, code: 'internal' })
})
