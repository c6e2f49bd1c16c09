// Runs a built program, and when it has ended in order the next of its kind: what was read in and compiled is there already.
// `programProcess.ts` forks it and says when.
import { AsyncLocalStorage } from 'node:async_hooks'
import { pathToFileURL } from 'node:url'

const file = pathToFileURL(process.argv[2] ?? '').href
const cleanLimitMs = 3000
/** What a program hears of its process; a next one listens for itself. */
const heard = ['SIGTERM', 'SIGINT', 'uncaughtException', 'unhandledRejection']

const runs = new AsyncLocalStorage()
let current = 0
const leave = process.exit.bind(process)
const disconnected = () => leave(0)

/** Whether the program has let go of everything that would keep its process alive. */
const isClean = () => process.getActiveResourcesInfo().every(r => r === 'PipeWrap' || r === 'TTYWrap')

const ended = async () => {
  current++
  if (process.connected) process.send?.({ over: true })
  for (const event of [...heard, 'disconnect']) process.removeAllListeners(event)
  process.on('disconnect', disconnected)
  const end = performance.now() + cleanLimitMs
  while (!isClean() && performance.now() < end) await new Promise(done => setTimeout(done, 5).unref())
  if (process.connected && isClean()) process.send?.({ clean: true })
  else leave(0)
}

process.exit = code => {
  const run = runs.getStore()
  // A program that is over has nothing to say any more, but a limit for its end may still be running.
  if (run !== undefined && run !== current) return
  if (code === 0) void ended()
  else leave(code)
}

process.on('disconnect', disconnected)
process.on('message', message => {
  runs.run(current, () => {
    if (message.stop) return process.emit('SIGTERM')
    process.removeListener('disconnect', disconnected)
    for (const name of Object.keys(process.env)) if (!(name in message.run)) delete process.env[name]
    Object.assign(process.env, message.run)
    void import(`${file}?run=${current}`)
  })
})
