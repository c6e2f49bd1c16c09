import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { type Pace, pace, paceAfter } from '#contract/pace'
import { PacedClock, type WallClock } from './wallClock.ts'

/** Well within the time that the contract leaves a program to hear of a new pace. */
const lookEveryMs = 50

/** Whole or not at all: a program that reads meanwhile finds the old pace or the new one. */
export const writePace = (file: string, next: Pace): void => {
  mkdirSync(dirname(file), { recursive: true })
  const beside = `${file}.${process.pid}.new`
  writeFileSync(beside, `${JSON.stringify(next)}\n`)
  renameSync(beside, file)
}

/** Throws when there is no such file, or no pace in it. */
export const readPace = (file: string): Pace => {
  const read = pace.safeParse(JSON.parse(readFileSync(file, 'utf8')))
  if (!read.success) throw new Error(`ZHIBAN_CLOCK_FILE '${file}': ${read.error.issues[0]?.message}`)
  return read.data
}

/** The clock of one program of a demo, whose pace stands in a file that all of them read (`ZHIBAN_CLOCK_FILE`). */
export const openPaceFile = (file: string): WallClock => {
  const clock = new PacedClock(readPace(file))
  let text = JSON.stringify(clock.pace)
  const take = (next: Pace) => {
    if (JSON.stringify(next) === text) return
    text = JSON.stringify(next)
    clock.take(next)
  }
  // Read, not watched: what is written between the first look and the beginning of a watch would be missed for good.
  const looking = setInterval(() => {
    try {
      take(readPace(file))
    } catch {
      // Taken away, or written by hand and not finished: the clock goes on as it did.
    }
  }, lookEveryMs).unref()
  return Object.assign(clock, {
    close: () => clearInterval(looking),
    change(rate: number, why: Pace['why']) {
      const next = paceAfter(clock.pace, Date.now(), rate, why)
      writePace(file, next)
      take(next)
    },
  })
}
