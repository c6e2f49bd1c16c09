/** What a site expects of a device that should speak now and then (hours and days are settings of the site file). */
export type Watch = { quietH?: number | undefined; testPoint?: string | undefined; testD?: number | undefined }
/** When it last said something new, and when its test point was last seen on; both count from the first start on. */
export type Heard = { changedAt: number; testedAt: number }
export type Silence = { quiet: boolean; untested: boolean }

const hourMs = 3_600_000

/**
 * A panel without alarms is not yet a healthy panel: one that has been quiet for longer than it ever is, or that nobody
 * has tested, may be cut off behind a link that answers.
 */
export const silenceOf = (watch: Watch, heard: Heard, wall: number): Silence => ({
  quiet: watch.quietH !== undefined && wall - heard.changedAt > watch.quietH * hourMs,
  untested: watch.testD !== undefined && wall - heard.testedAt > watch.testD * 24 * hourMs,
})
