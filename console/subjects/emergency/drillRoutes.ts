import { Refusal } from '#api/errors'
import type { ShadowReport } from '#api/models/drills'
import type { Words } from '#contract/names'
import { linkagesOf } from '#contract/site'
import type { Route } from '#program/httpApi'
import { type Asker, type Desk, deskRoute } from '../../server/desk/desk.ts'
import { channelHealth } from '../../server/notify/deliveries.ts'
import { ableDetectors, type ShadowLook, shadowOf } from './shadow.ts'
import { peopleAt } from './telling.ts'

/** What a fire in a compartment would set going now, without anything being written: the shadow of a drill. */
export const shadowReport = async (desk: Desk, compartment: string): Promise<ShadowReport> => {
  const { site, calendar } = desk.directory
  const c = site.compartments.find(x => x.id === compartment)
  if (!c) throw new Refusal('unknown-compartment', 'compartment')
  const holders = new Map(desk.mirror.holders().map(h => [h.point, h]))
  const look: ShadowLook = {
    site,
    value: ref => desk.mirror.value(ref),
    holders: ref => holders.get(ref),
    link(device) {
      const agent = desk.mirror.agents.get(desk.mirror.agentOf(device) ?? '')
      return agent?.online ? agent.links[device] : undefined
    },
    clock: at => calendar.clockOf(at).slice(0, 5),
  }
  const plan = site.plans.find(p => p.kind === 'fire')
  const around = { directory: desk.directory, manual: desk.engine.manual, present: () => desk.present() }
  const people = await peopleAt(desk.books.read, desk.wall(), around)
  const chain = site.calls.find(x => x.level === plan?.level)?.chain ?? []
  const used = site.channels.filter(ch => chain.some(s => s.by.includes(ch.id)))
  const health = await Promise.all(used.map(async ch => ({ ch, h: await channelHealth(desk.books.read, ch.id) })))
  const profile = desk.profiles.get(site.devices.find(d => d.id === c.panel)?.profile ?? '')
  return {
    compartment: c.id,
    at: desk.wall(),
    actions: linkagesOf(site, c).map(l => ({ linkage: l.id, name: l.name, device: l.device, ...shadowOf(c, l, look) })),
    detectors: { able: ableDetectors(c, profile, look.value), all: c.witnesses.length, needed: c.rule.independent },
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
