import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { packageRoot } from '#program/environment'
import type { Log } from '#program/log'
import { backupAt, backupsKept } from '../site/settings.ts'
import type { SiteRules } from '../site/siteRules.ts'
import { lastBackup } from './makeBackup.ts'

/** Without a good one for so long people are told. */
export const overdueMs = 26 * 3_600_000
/** The folder is looked at so often. */
const lookMs = 60_000
/** After one that has failed it is tried again. */
const againMs = 30 * 60_000

/** From when of the day the site wants one, and how many it keeps; null where it makes its own. */
export const backupPlan = (rules: SiteRules): { minute: number; keep: number } | null => {
  const keep = rules.number(backupsKept)
  return keep === null ? null : { minute: rules.minuteOfDay(backupAt), keep }
}

type Parts = {
  into: string
  /** Of the site's clock on the wall, by real time: minute of the day and date. */
  partsOf(now: number): { date: string; minuteOfDay: number }
  plan(): ReturnType<typeof backupPlan>
  log: Log
}

/** Another process makes it, so that nobody at a screen waits for it. */
const runBackup = (into: string, keep: number) =>
  new Promise<void>((done, fail) => {
    const env = { ...process.env, ZHIBAN_BACKUPS_KEPT: String(keep) }
    execFile(process.execPath, [join(packageRoot, 'dist/console/server/backup.js'), into], { env }, (error, _out, err) =>
      error ? fail(new Error(err.trim() || String(error))) : done(),
    )
  })

/** A backup each night, by itself; `look` is called again and again and says whether people must be told. */
export const openNightly = ({ into, partsOf, plan, log }: Parts, run = runBackup) => {
  const begun = Date.now()
  let triedAt = 0
  let running: Promise<void> | undefined
  let failed = false
  let lookedAt = 0
  let late = false
  const due = (now: number, minute: number): boolean => {
    const today = partsOf(now)
    const last = lastBackup(into)?.madeAt ?? null
    if (today.minuteOfDay < minute || now - triedAt < againMs) return false
    if (last === null) return true
    const made = partsOf(last)
    return made.date < today.date || (made.date === today.date && made.minuteOfDay < minute)
  }
  return {
    look(now: number): { late: boolean } {
      const wish = plan()
      if (wish === null) return { late: false }
      if (now - lookedAt < lookMs) return { late: late || failed }
      lookedAt = now
      if (!running && due(now, wish.minute)) {
        triedAt = now
        running = run(into, wish.keep)
          .then(
            () => {
              failed = false
            },
            error => {
              failed = true
              log.error({ err: error }, 'the nightly backup failed')
            },
          )
          .finally(() => {
            running = undefined
          })
      }
      late = now - (lastBackup(into)?.madeAt ?? begun) > overdueMs
      return { late: late || failed }
    },
    settled: () => running ?? Promise.resolve(),
  }
}
