import { type Environment, readEnvironment } from './environment.ts'
import { errandOfError } from './errand.ts'
import { type Log, openLog } from './log.ts'
import { openPaceFile } from './paceFile.ts'
import { FileProblems } from './siteFiles.ts'
import { PacedClock, parsePace, type WallClock } from './wallClock.ts'

/** What every program is given. */
export type Program = {
  env: Environment
  log: Log
  clock: WallClock
  /** Tells a parent process (the starter, the tests) which ports were taken. */
  ready(detail: Record<string, unknown>): void
  /** Ends the program in order with code 2 and one sentence: it must not run here. */
  leave(why: string): void
  /** Ends the program in order, to be started again at once by whoever keeps it running. */
  startAnew(why: string): void
}

/** Of a program that is to be started again at once (EX_TEMPFAIL of sysexits.h). */
export const startAnewCode = 75
type Stop = () => Promise<void>

const stopLimitMs = 8000

/**
 * Starts a program and stops it well: SIGTERM and SIGINT once close it in order, bad input ends it with code 2 and
 * every problem on its own line, a bug ends it loudly with code 1 (a half-dead console is worse than a restarted one). A bug
 * on an errand costs that errand and nothing else.
 */
export const runProgram = async (name: string, start: (program: Program) => Promise<Stop>): Promise<void> => {
  let stop: Stop | undefined
  let log: Log | undefined
  let clock: WallClock | undefined
  const end = (code: number) => {
    log?.flush()
    process.exit(code)
  }
  let stopping = false
  const quit = (code: number) => {
    if (stopping || !stop) return
    stopping = true
    setTimeout(() => end(1), stopLimitMs).unref()
    void stop().then(
      () => {
        clock?.close?.()
        end(code)
      },
      error => {
        log?.error({ err: error }, 'stop failed')
        end(1)
      },
    )
  }
  try {
    const env = readEnvironment()
    log = openLog(name, env.ZHIBAN_LOG)
    const known = log
    const bug = (what: string) => (error: unknown) => {
      const errand = errandOfError()
      if (errand) return errand.failed(error)
      known.fatal({ err: error }, `bug: ${what}`)
      end(1)
    }
    process.on('uncaughtException', bug('uncaught exception'))
    process.on('unhandledRejection', bug('unhandled rejection'))
    clock = env.ZHIBAN_CLOCK_FILE ? openPaceFile(env.ZHIBAN_CLOCK_FILE) : new PacedClock(parsePace(env.ZHIBAN_TIME))
    const ready = ({ users, ...detail }: Record<string, unknown>) => {
      known.info(detail, 'ready')
      process.send?.({ ready: name, users, ...detail })
    }
    const leave = (why: string) => {
      console.error(`${name} ends:\n${why}`)
      if (stop) quit(2)
      else end(2)
    }
    const startAnew = (why: string) => {
      known.info(why)
      quit(startAnewCode)
    }
    stop = await start({ env, log: known, clock, ready, leave, startAnew })
  } catch (error) {
    const text = error instanceof FileProblems || error instanceof Error ? error.message : String(error)
    console.error(`${name} cannot start:\n${text}`)
    if (!(error instanceof FileProblems)) log?.debug({ err: error }, 'start failed')
    process.exitCode = 2
    return end(2)
  }
  process.on('SIGTERM', () => quit(0))
  process.on('SIGINT', () => quit(0))
  process.on('disconnect', () => quit(0))
}
