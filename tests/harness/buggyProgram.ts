import type { IncomingMessage, ServerResponse } from 'node:http'
import { Registry } from 'prom-client'
import { listen } from '#program/health'
import { runProgram } from '#program/runProgram'
import { openDoor } from '../../console/server/http/door.ts'

/** A program behind the console's door whose every answer has a bug of its own, for a test that starts it as a process. */
await runProgram('buggy', async ({ log, ready }) => {
  let bugs = 0
  const bug = () => {
    throw new TypeError('a bug')
  }
  const answers: Record<string, (response: ServerResponse) => unknown> = {
    '/bugs': response => response.end(String(bugs)),
    '/throws': bug,
    '/rejects': async () => bug(),
    '/throws-later': () => setTimeout(bug, 1),
    '/rejects-unheard': () => void Promise.resolve().then(bug),
    '/throws-in-the-answer': response => {
      response.write('half of it')
      setTimeout(bug, 1)
    },
  }
  process.on('SIGUSR2', bug)
  const door = openDoor({
    app: (request: IncomingMessage, response: ServerResponse) => answers[request.url ?? '']?.(response),
    live: { upgrade: async () => bug() },
    bugs: { note: () => void bugs++, writeDown: async () => {}, close: () => {} },
    metrics: new Registry(),
    log,
    certificate: undefined,
  })
  ready({ http: await listen(door.server, 0, '127.0.0.1') })
  return () => door.close()
})
