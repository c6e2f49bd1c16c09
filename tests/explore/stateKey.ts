import { hash } from 'node:crypto'
import type { Holder } from '#contract/priority'
import type { Measured } from '../../edge-agent/control/linkageWatch.ts'
import type { ModelDisk } from './disk.ts'
import type { World } from './world.ts'

/** Longer than any of the short times of the tiny site: from there on one age is as good as another. */
const longAgo = 4000
const longestRetry = 16_000

const ago = (at: number | undefined, now: number, cap = longAgo) =>
  at === undefined ? '-' : Math.max(-cap, Math.min(cap, now - at))
const bits = (o: Readonly<Record<string, boolean>>) => Object.values(o).map(Number).join('')

/** A kept document with what matters of it to what happens next; names, ids and measured times are for people. */
const shape = (bucket: string, body: unknown, now: number): string => {
  if (bucket === 'holder')
    return (body as Holder[])
      .map(h => `${h.level}=${h.value}<${h.causes.map(c => `${c.id}:${c.value}`)}>${h.until === null ? '' : ago(h.until, now)}`)
      .join()
  if (bucket === 'latched') {
    const { at, measured } = body as { at: number; measured: Record<string, Measured> }
    const seen = Object.entries(measured).map(
      ([id, m]) => `${id}${bits({ s: m.startedMs !== null, f: m.feedbackMs !== null, m: m.missing, r: m.relapsed })}`,
    )
    return `${ago(at, now)} ${seen}`
  }
  if (bucket === 'witness')
    return Object.entries(body as Record<string, number | null>)
      .map(([w, at]) => `${w}${at === null ? '' : ago(at, now)}`)
      .join()
  if (bucket === 'test') return `${ago((body as { until: number }).until, now)} ${(body as { withheld: boolean }).withheld}`
  if (bucket === 'command') return (body as { step: string }).step
  return (body as { unverifiedSince: number | null }).unverifiedSince === null ? 'seen' : 'unverified'
}

const diskKey = (disk: ModelDisk, now: number): string => {
  const lines: string[] = []
  for (const [key, { body }] of disk.kept) lines.push(`${key} ${shape(key.slice(0, key.indexOf(' ')), body, now)}`)
  return lines.sort().join('\n')
}

/** The state of a world in one short text: disk, devices, what the agent shows of its memory, and clocks, all relative to now. */
export const stateKey = (w: World): string => {
  const { outer, agent, model, wall } = w
  const parts: unknown[] = [
    diskKey(w.disk, wall),
    bits(outer.panel),
    bits(outer.fan),
    bits(outer.door),
    bits(outer.link),
    JSON.stringify(outer.stuck),
    outer.suspect,
    outer.refuses,
    outer.frozen,
    Object.entries(outer.issued).map(([id, c]) => `${id}${ago(c.issuedAt, wall)}`),
    Object.entries(outer.trouble).map(([id, at]) => `${id}${ago(at, wall, longestRetry)}`),
  ]
  if (!agent) parts.push('dead')
  else {
    parts.push(outer.variant)
    for (const d of agent.image.devices.values())
      parts.push([...d.values.values()].map(v => `${v.q[0]}${v.v === null ? '' : Number(v.v)}`).join(''))
    for (const [ref, t] of w.told) parts.push(ref, t.value, ago(t.at, wall), t.step, ago(t.stepAt, wall, longestRetry))
    for (const p of w.pending) parts.push('open', p.ref, p.value)
    for (const [ref, h] of Object.entries(model.handed)) parts.push('handed', ref, h.value, h.at < wall)
    for (const ref of ['fan/run', 'door/lock']) parts.push(agent.writer.isWithheld(ref), ago(w.wonAt.get(ref)?.at, wall, 1000))
    if (!w.rules.beats)
      parts.push(
        w.beats.map(b => `${b.clock - wall}@${b.at - wall}`),
        outer.queue.map(m => ('clock' in m ? m.clock - wall : m.id)),
      )
  }
  return hash('sha1', parts.join('|'), 'base64')
}
