import { type Logger, pino } from 'pino'

export type Log = Logger

/** One JSON line an event on standard error; standard output is kept for the one line that says `ready`. */
export const openLog = (program: string, level: string): Log =>
  pino(
    { name: program, level, base: { program }, redact: ['password', '*.password', 'phone', '*.phone'] },
    pino.destination({ dest: 2, sync: false }),
  )
