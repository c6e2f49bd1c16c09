import { type ChildProcess, fork } from 'node:child_process'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import { io } from 'socket.io-client'
import { packageRoot } from '#program/environment'

const topic = 'bare'
const started = (file: string, args: readonly string[]) =>
  new Promise<{ child: ChildProcess; port: number }>((done, fail) => {
    const child = fork(join(packageRoot, 'tests/bench', file), args)
    child.once('message', (said: { port: number }) => done({ child, port: said.port }))
    child.once('error', fail)
  })

/** The same libraries without any work: MQTT -> broker -> program -> socket.io, each a process of its own, as ours are. */
export const openBareChain = async () => {
  const broker = await started('bareBroker.ts', [])
  const url = `mqtt://127.0.0.1:${broker.port}`
  const hop = await started('bareHop.ts', [url, topic])
  const sender = await connectAsync(url)
  const socket = io(`http://127.0.0.1:${hop.port}`, { transports: ['websocket'] })
  await new Promise<void>(done => socket.once('connect', () => done()))
  return {
    /** One message of this length through all of it, ms. */
    async pass(length: number): Promise<number> {
      const heard = new Promise<number>(done => socket.once('news', () => done(performance.now())))
      const sent = performance.now()
      sender.publish(topic, 'x'.repeat(length), { qos: 1 })
      return (await heard) - sent
    },
    async close() {
      socket.close()
      await sender.endAsync()
      hop.child.kill()
      broker.child.kill()
    },
  }
}
