import { type Environment, readEnvironment } from './environment.ts'
import { type Log, openLog } from './log.ts'
import { FileProblems } from './siteFiles.ts'
import { parseWallClock, type WallClock } from './wallClock.ts'

/** What every program is given. `ready` tells a parent process (the starter, the tests) which ports were taken. */
export type Program = { env: Environment; log: Log; clock: WallClock; ready(detail: Record<string, unknown>): void }
type Stop = () => Promise<void>

const stopLimitMs = 8000

/**
 * Starts a program and stops it well: SIGTERM and SIGINT once close it in order, bad input ends it with code 2 and
 * every problem on its own line, a bug ends it loudly with code 1 (a half-dead console is worse than a restarted one).
 */
export const runProgram = async (name: string, start: (program: Program) => Promise<Stop>): Promise<void> => {
  let stop: Stop | undefined
  let log: Log | undefined
  const end = (code: number) => {
    log?.flush()
    process.exit(code)
  }
  try {
    const env = readEnvironment()
    log = openLog(name, env.ZHIBAN_LOG)
    const known = log
    process.on('uncaughtException', error => {
      known.fatal({ err: error }, 'bug: uncaught exception')
      end(1)
    })
    process.on('unhandledRejection', error => {
      known.fatal({ err: error }, 'bug: unhandled rejection')
      end(1)
    })
    const clock = parseWallClock(env.ZHIBAN_TIME)
    const ready = ({ users, ...detail }: Record<string, unknown>) => {
      known.info(detail, 'ready')
      process.send?.({ ready: name, users, ...detail })
    }
    stop = await start({ env, log: known, clock, ready })
  } catch (error) {
    const text = error instanceof FileProblems || error instanceof Error ? error.message : String(error)
    console.error(`${name} cannot start:\n${text}`)
    if (!(error instanceof FileProblems)) log?.debug({ err: error }, 'start failed')
    process.exitCode = 2
    return end(2)
  }
  let stopping = false
  const quit = () => {
    if (stopping || !stop) return
    stopping = true
    setTimeout(() => end(1), stopLimitMs).unref()
    void stop().then(
      () => end(0),
      error => {
        log?.error({ err: error }, 'stop failed')
        end(1)
      },
    )
  }
  process.on('SIGTERM', quit)
  process.on('SIGINT', quit)
  process.on('disconnect', quit)
}
