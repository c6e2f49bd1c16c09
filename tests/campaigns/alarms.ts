import { join } from 'node:path'
import { openMoment } from '#store/openStore'
import { faultText, proveBooks } from '../../console/server/books/chain/proveBooks.ts'
import type { Books } from '../../console/server/books/schema.ts'
import { fieldVoice } from '../harness/fieldVoice.ts'
import { startStack } from '../harness/stack.ts'
import { dice } from './dice.ts'

export type AlarmFigures = {
  seed: number
  transitions: number
  kills: number
  seconds: number
  perSecond: number
  trouble: string[]
}

const start = Date.parse('2026-11-23T10:00:00+08:00')
const keys = 400
/** Of each ten one is level 3, which has an order; none opens an emergency. */
const levelOf = (n: number) => (n % 10 === 0 ? 3 : 4)

/**
 * So many raises and returns of one agent as fast as the console takes them, which is killed meanwhile; then the books are held against what was sent: each alarm
 * once, with its own return, the repeats of a condition in the order in which they came.
 */
export const alarmCampaign = async (o: {
  transitions: number
  kills: number
  seed: number
  say?: (line: string) => void
}): Promise<AlarmFigures> => {
  const chance = dice(o.seed)
  const stack = await startStack({ at: new Date(start).toISOString(), only: ['broker', 'console'], env: { ZHIBAN_LOG: 'warn' } })
  const field = await fieldVoice(stack)
  try {
    await field.online()
    const stands = new Map<string, string>()
    const sent: { id: string; key: string; raisedAt: number; returnedAt: number | null }[] = []
    const byId = new Map<string, (typeof sent)[number]>()
    const bodies = Array.from({ length: o.transitions }, (_, n) => {
      const k = chance.below(keys)
      const key = `device-${k}/rule`
      const at = start + n
      const id = stands.get(key)
      if (id !== undefined) {
        stands.delete(key)
        const known = byId.get(id)
        if (known) known.returnedAt = at
        return { type: 'alarm-returned', at, id, value: null }
      }
      const alarm = field.factOf({ key, level: levelOf(k), kind: 'equipment', place: 'f12-w' }, at)
      stands.set(key, alarm.id)
      const mine = { id: alarm.id, key, raisedAt: at, returnedAt: null }
      sent.push(mine)
      byId.set(alarm.id, mine)
      return { type: 'alarm-raised', at, alarm }
    })
    const began = performance.now()
    const all = field.records(bodies)
    let kills = 0
    while (kills < o.kills && field.waiting > 0) {
      await new Promise(done => setTimeout(done, 300 + chance.below(1500)))
      if (field.waiting === 0) break
      await stack.kill('console')
      kills++
      await stack.start('console')
    }
    await all
    const seconds = Math.round((performance.now() - began) / 100) / 10
    o.say?.(`${o.transitions} transitions in ${seconds} s, ${kills} kills`)
    await stack.kill('console', 'SIGTERM')
    return {
      seed: o.seed,
      transitions: o.transitions,
      kills,
      seconds,
      perSecond: Math.round(o.transitions / seconds),
      trouble: await held(stack.data, sent),
    }
  } finally {
    await field.end()
    await stack.stop()
  }
}

/** What the books say otherwise than was sent. */
const held = async (data: string, sent: readonly { id: string; key: string; raisedAt: number; returnedAt: number | null }[]) => {
  const { read, close } = await openMoment<Books>(join(data, 'console', 'books.db'))
  try {
    const rows = await read.selectFrom('alarm').selectAll().where('source', '=', 'tower').execute()
    const trouble: string[] = []
    const byId = new Map(rows.map(r => [r.id, r]))
    if (rows.length !== sent.length) trouble.push(`${sent.length} alarms were sent, ${rows.length} are in the books`)
    for (const s of sent) {
      const row = byId.get(s.id)
      if (!row) trouble.push(`${s.id} is lost`)
      else if (row.raised_at !== s.raisedAt || row.returned_at !== s.returnedAt) trouble.push(`${s.id} is not what it was`)
    }
    // The repeats of a condition: the newest counts all, whatever restarted in between.
    const latest = new Map(sent.map(s => [s.key, s.id]))
    const times = new Map<string, number>()
    for (const s of sent) times.set(s.key, (times.get(s.key) ?? 0) + 1)
    for (const [key, id] of latest) {
      const row = byId.get(id)
      if (row && (row.continued_by !== null || row.times !== times.get(key)))
        trouble.push(`${key} counts ${row.times} of ${times.get(key)}${row.continued_by ? ', and its last is taken over' : ''}`)
    }
    const orders = await read
      .selectFrom('case_file')
      .select(e => e.fn.countAll<number>().as('n'))
      .where('procedure', '=', 'repair')
      .executeTakeFirst()
    const conditions = new Set(rows.filter(r => r.level === 3).map(r => r.key)).size
    if (Number(orders?.n ?? 0) > conditions) trouble.push(`${orders?.n} orders of ${conditions} conditions`)
    const { faults } = await proveBooks(read)
    return [...trouble, ...faults.map(faultText)].slice(0, 50)
  } finally {
    await close()
  }
}
