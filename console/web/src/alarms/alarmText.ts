import { type Alarm, alarmState } from '#api/models/live'
import type { Ui } from '../state/ui.svelte.ts'

/** The state of an alarm in words. */
export const stateText = (a: Alarm, { t, f, live: { now } }: Ui): string => {
  const s = alarmState(a)
  if (s === 'active') return t.alarms.unacked
  if (s === 'acked') return t.alarms.acked(f.seconds(a.ackedAt ?? 0))
  if (s === 'returned') return t.alarms.returned
  if (s === 'latched') return t.alarms.latched
  if (a.suppressed && s !== 'gone')
    return `${t.alarms.suppression[a.suppressed.kind]}${t.gap}${t.time.until(f.near(a.suppressed.until, now))}`
  return t.alarms.gone
}

/** The value that raised it beside its limit; empty where there are no numbers. */
export const valueText = (a: Alarm): string =>
  [typeof a.value === 'number' ? String(a.value) : '', typeof a.limit === 'number' ? String(a.limit) : '']
    .filter(Boolean)
    .join(' / ')
