import type { Alarm } from '#api/models/live'

const prefix = 'test/'

/** The agent keeps an alarm for every compartment under test; its name tells whose test it is, why, and until when. */
export const runningTests = (alarms: Iterable<Alarm>): Alarm[] =>
  [...alarms].filter(a => a.key.startsWith(prefix) && a.returnedAt === null).sort((a, b) => a.raisedAt - b.raisedAt)

export const testedCompartment = (test: Pick<Alarm, 'key'>): string => test.key.slice(prefix.length)
