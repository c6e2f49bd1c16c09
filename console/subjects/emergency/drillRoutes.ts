import { Refusal } from '#api/errors'
import type { ShadowReport } from '#api/models/drills'
import { say } from '#api/words/text'
import type { Words } from '#contract/names'
import { linkagesOf } from '#contract/site'
import type { Route } from '#program/httpApi'
import { textOf } from '../../server/books/words.ts'
import { type Asker, type Desk, deskRoute } from '../../server/desk/desk.ts'
import { channelHealth } from '../../server/notify/deliveries.ts'
import { ableDetectors, type ShadowLook, shadowOf } from './shadow.ts'
import { peopleAt, tellAround } from './telling.ts'

/** What a fire in a compartment would set going now, without anything being written: the shadow of a drill. */
export const shadowReport = async (desk: Desk, compartment: string): Promise<ShadowReport> => {
  const { site, calendar } = desk.directory
  const c = site.compartments.find(x => x.id === compartment)
  if (!c) throw new Refusal('unknown-compartment', 'compartment')
  const holders = new Map(desk.mirror.holders().map(h => [h.point, h]))
  const value: ShadowLook['value'] = ref => desk.mirror.value(ref)
  const profile = desk.profiles.get(site.devices.find(d => d.id === c.panel)?.profile ?? '')
  const able = ableDetectors(c, profile, value)
  // The agent keeps an alarm for every compartment under test.
  const test = await desk.books.read
    .selectFrom('alarm')
    .select('name_json')
    .where('key', '=', `test/${c.id}`)
    .where('returned_at', 'is', null)
    .executeTakeFirst()
  const look: ShadowLook = {
    site,
    value,
    holders: ref => holders.get(ref),
    link(device) {
      const agent = desk.mirror.agents.get(desk.mirror.agentOf(device) ?? '')
      return agent?.online ? agent.links[device] : undefined
    },
    clock: at => calendar.clockOf(at).slice(0, 5),
    test: test ? say.shadow.underTest(textOf(test.name_json)) : null,
    canSpeak: able >= c.rule.independent,
  }
  const plan = site.plans.find(p => p.kind === 'fire')
  const people = await peopleAt(desk.books.read, desk.wall(), tellAround(desk))
  const chain = site.calls.find(x => x.level === plan?.level)?.chain ?? []
  const used = site.channels.filter(ch => chain.some(s => s.by.includes(ch.id)))
  const health = await Promise.all(used.map(async ch => ({ ch, h: await channelHealth(desk.books.read, ch.id) })))
  return {
    compartment: c.id,
    at: desk.wall(),
    actions: linkagesOf(site, c).map(l => ({ linkage: l.id, name: l.name, device: l.device, ...shadowOf(c, l, look) })),
    detectors: { able, all: c.witnesses.length, needed: c.rule.independent },
    steps: (plan?.steps ?? []).map((s, i) => ({
      ...{ n: i + 1, text: s.text, owner: s.owner },
      people: [...new Set((s.posts ?? []).flatMap(post => people(post).map(p => p.display)))],
    })),
    deadChannels: health.flatMap(({ ch, h }): { name: Words; why: string }[] =>
      h.why !== null && (h.failedAt ?? 0) > (h.acceptedAt ?? 0) ? [{ name: ch.name, why: h.why }] : [],
    ),
  }
}

export const drillRoutes = (desk: Desk): Route<Asker>[] => [
  deskRoute('GET /drills/shadow/:compartment', ({ params }) => shadowReport(desk, params.compartment)),
]
