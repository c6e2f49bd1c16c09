import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'

let child: ChildProcess
let url: string
beforeAll(async () => {
  child = fork(fileURLToPath(new URL('../harness/buggyProgram.ts', import.meta.url)), {
    execArgv: ['--conditions=source', '--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  const [said] = (await once(child, 'message')) as [{ http: number }]
  url = `http://127.0.0.1:${said.http}`
})
afterAll(() => child?.kill('SIGKILL'))
const bugs = async () => Number(await (await fetch(`${url}/bugs`)).text())

it('a bug in a request costs its own answer, wherever it shows, and is counted', async () => {
  for (const path of ['/throws', '/rejects', '/throws-later', '/rejects-unheard']) {
    const before = await bugs()
    const response = await fetch(url + path)
    expect([response.status, await response.json()], path).toEqual([500, { error: 'internal' }])
    expect(await bugs(), path).toBe(before + 1)
  }
  // What is half said cannot be taken back: it is broken off, and not taken for a whole.
  await expect(fetch(`${url}/throws-in-the-answer`).then(r => r.text())).rejects.toThrow()
  expect(await bugs()).toBe(5)
})

it('a bug in letting somebody in costs his connection', async () => {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.write('GET /socket.io/ HTTP/1.1\r\nhost: x\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n')
  await once(socket.resume(), 'close')
  expect(await bugs()).toBe(6)
})

it('a bug that is nobody’s ends the program, loudly', async () => {
  child.kill('SIGUSR2')
  expect(await once(child, 'exit')).toEqual([1, null])
})
