import type { AlarmLevel } from '#contract/alarm'

/** Taken out of sight by a person (ISA-18.2-2016 5.6, IEC 62682): for a while, or because the thing itself is out of service. */
export const suppressions = ['shelved', 'out-of-service'] as const
export type Suppression = (typeof suppressions)[number]

/** Where one alarm stands. `latched`: its rule asks for a reset by a person once the condition is over. */
export type AlarmLife = {
  level: AlarmLevel
  stands: boolean
  acked: boolean
  latched: boolean
  suppressed: Suppression | null
}

/** ISA-18.2's states by the letters of its diagram; what is suppressed by design (H) never becomes an alarm (edge-agent/domain). */
export const alarmStates = [
  'normal', // A
  'active', // B: nobody has acknowledged it
  'acked', // C
  'returned', // D: over, and nobody has acknowledged it
  'latched', // E, F: over, and waits for its reset
  'shelved', // G
  'out-of-service', // I
] as const
export type AlarmState = (typeof alarmStates)[number]

export const stateOf = (a: AlarmLife): AlarmState => {
  if (a.suppressed !== null) return a.suppressed
  if (a.stands) return a.acked ? 'acked' : 'active'
  if (!a.acked) return 'returned'
  return a.latched ? 'latched' : 'normal'
}

/** What can happen to an alarm. `raise`, `return` and `worsen` come from its source, the others from people, or from a time that ends. */
export type AlarmEvent =
  | { does: 'raise' | 'return' | 'acknowledge' | 'reset' | 'shelve' | 'take-out' | 'give-back' }
  | { does: 'worsen'; to: AlarmLevel }

/** Why something cannot be done to an alarm as it is: a code of `#api/errors`. */
export type NotNow =
  | 'already-acked'
  | 'not-acked'
  | 'not-latched'
  | 'still-in-alarm'
  | 'never-shelved'
  | 'alarm-over'
  | 'out-already'
  | 'not-set-aside'

/** `rings`: it calls for somebody anew, also where it was silenced before. */
export type Stepped = { next: AlarmLife; rings: boolean }

const goesOn = (a: AlarmLife, change: Partial<AlarmLife>, rings = false): Stepped => ({ next: { ...a, ...change }, rings })

/** Danger to life is never out of sight (design §5). */
const setAside = (a: AlarmLife, kind: Suppression): Stepped | NotNow => {
  if (a.level === 1) return 'never-shelved'
  if (stateOf(a) === 'normal') return 'alarm-over'
  // Whoever sets it aside has seen it.
  return goesOn(a, { suppressed: kind, acked: true })
}

/**
 * The one table of an alarm's life. An answer in words is a refusal, and leaves the alarm as it is. Acknowledging never makes an alarm, a return
 * never rings, a change for the worse does, and what is given back while it stands rings anew.
 */
export const stepAlarm = (a: AlarmLife, e: AlarmEvent): Stepped | NotNow => {
  switch (e.does) {
    case 'raise': {
      if (a.stands) return goesOn(a, {})
      if (a.suppressed !== null && a.level !== 1) return goesOn(a, { stands: true })
      // A repeat of what nobody has acknowledged is the same alarm still; danger to life calls each time.
      return goesOn(a, { stands: true, acked: false, suppressed: null }, a.acked || a.level === 1)
    }
    case 'return':
      return goesOn(a, { stands: false })
    case 'worsen': {
      if (!a.stands) return goesOn(a, {})
      const calls = e.to < a.level && (a.suppressed === null || e.to === 1)
      return calls ? goesOn(a, { level: e.to, acked: false, suppressed: null }, true) : goesOn(a, { level: e.to })
    }
    case 'acknowledge':
      return a.acked ? 'already-acked' : goesOn(a, { acked: true })
    case 'reset':
      if (!a.latched) return 'not-latched'
      if (a.stands) return 'still-in-alarm'
      return a.acked ? goesOn(a, { latched: false }) : 'not-acked'
    case 'shelve':
      // Who has taken it out of service had the right to; a shelf of minutes must not end that.
      return a.suppressed === 'out-of-service' ? 'out-already' : setAside(a, 'shelved')
    case 'take-out':
      return setAside(a, 'out-of-service')
    case 'give-back':
      if (a.suppressed === null) return 'not-set-aside'
      // What came and went meanwhile is not brought before anybody: whoever set it aside has answered for it.
      return a.stands ? goesOn(a, { suppressed: null, acked: false }, true) : goesOn(a, { suppressed: null, acked: true })
  }
}
