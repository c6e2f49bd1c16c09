import { describe, expect, it } from 'vitest'
import { type AlarmEvent, type AlarmLife, alarmStates, stateOf, stepAlarm } from '#api/models/alarmLife'
import type { AlarmLevel } from '#contract/alarm'

const levels = [1, 2, 3, 4] as const satisfies readonly AlarmLevel[]
const events: readonly AlarmEvent[] = [
  ...(['raise', 'return', 'acknowledge', 'reset', 'shelve', 'take-out', 'give-back'] as const).map(does => ({ does })),
  ...levels.map(to => ({ does: 'worsen' as const, to })),
]
const keyOf = (a: AlarmLife) => JSON.stringify([a.level, a.stands, a.acked, a.latched, a.suppressed])
const fresh = (level: AlarmLevel, latched: boolean): AlarmLife => ({
  level,
  stands: true,
  acked: false,
  latched,
  suppressed: null,
})

type Edge = { from: AlarmLife; event: AlarmEvent; to: AlarmLife; rings: boolean }
/** Everything that an alarm can come to, from every way in which one begins. */
const explore = () => {
  const seen = new Map<string, AlarmLife>()
  const edges: Edge[] = []
  let refusals = 0
  const open = levels.flatMap(level => [fresh(level, false), fresh(level, true)])
  for (let a = open.pop(); a; a = open.pop()) {
    if (seen.has(keyOf(a))) continue
    seen.set(keyOf(a), a)
    for (const event of events) {
      const answer = stepAlarm(a, event)
      if (typeof answer === 'string') refusals++
      else {
        edges.push({ from: a, event, to: answer.next, rings: answer.rings })
        open.push(answer.next)
      }
    }
  }
  return { lives: [...seen.values()], edges, refusals }
}

describe('the life of an alarm, all of it', () => {
  const { lives, edges, refusals } = explore()
  it('has every state of the diagram', () => {
    process.stdout.write(`alarm life: ${lives.length} lives, ${edges.length} steps, ${refusals} refusals\n`)
    expect(new Set(lives.map(stateOf))).toEqual(new Set(alarmStates))
  })
  it('has no dead end: from everywhere it can be over, and can ring again', () => {
    const ends = new Set(lives.filter(a => stateOf(a) === 'normal').map(keyOf))
    for (let grew = true; grew; ) {
      grew = false
      for (const e of edges)
        if (ends.has(keyOf(e.to)) && !ends.has(keyOf(e.from))) {
          ends.add(keyOf(e.from))
          grew = true
        }
    }
    expect(lives.filter(a => !ends.has(keyOf(a)))).toEqual([])
  })
  it('is never made by acknowledging, and never rings by a return or by a step of a person but giving back', () => {
    for (const e of edges) {
      if (e.event.does === 'acknowledge') expect(e.to.stands).toBe(e.from.stands)
      if (!['raise', 'worsen', 'give-back'].includes(e.event.does)) expect(e.rings).toBe(false)
    }
  })
  it('calls anew when it turns for the worse, unless it is out of sight; danger to life in any case', () => {
    for (const e of edges.filter(x => x.event.does === 'worsen' && x.from.stands && x.to.level < x.from.level)) {
      expect(e.rings).toBe(e.from.suppressed === null || e.to.level === 1)
      if (e.rings) expect(stateOf(e.to)).toBe('active')
    }
  })
  it('is never out of sight at level 1', () => {
    expect(lives.filter(a => a.level === 1 && a.suppressed !== null)).toEqual([])
  })
  it('that stands and is in sight is acknowledged only by somebody', () => {
    for (const e of edges) if (stateOf(e.from) === 'active' && stateOf(e.to) === 'acked') expect(e.event.does).toBe('acknowledge')
  })
  it('that is given back while it stands is as loud as a new one', () => {
    for (const e of edges.filter(x => x.event.does === 'give-back' && x.from.stands)) {
      expect(stateOf(e.to)).toBe('active')
      expect(e.rings).toBe(true)
    }
  })
  it('that latches is over only after a reset', () => {
    for (const e of edges)
      if (e.from.latched && !e.to.latched) expect(e.event.does === 'reset' && e.from.acked && !e.from.stands).toBe(true)
  })
})
