import type { Alarm } from '#api/models/live'

/** An alarm as a screen gets it; what a test does not say is nothing out of the ordinary. */
export const alarmForTests = (o: Partial<Alarm>): Alarm => {
  const id = o.id ?? 'a'
  return {
    ...{ id, key: id, source: 'agent', level: 3, kind: 'equipment', device: null, point: null, place: null },
    ...{ name: { zh: id, en: id }, raisedAt: 0, value: true, limit: true, unverifiedSince: null },
    ...{ returnedAt: null, ackedAt: null, ackedBy: null, owner: null, notes: [], ticket: null },
    ...{ first: id, times: 1, rings: 1, latched: false, chatters: 0, suppressed: null, continuedBy: null, recorded: true },
    ...o,
  }
}
