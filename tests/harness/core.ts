import { parseSite } from '#contract/parseSite'
import { winner, winningValue } from '#contract/priority'
import type { Profile } from '#contract/profile'
import type { Programme } from '#contract/programme'
import type { LocalCalendar } from '#contract/programmeHours'
import type { Scalar } from '#contract/quality'
import type { Site } from '#contract/site'
import { readEnvironment } from '#program/environment'
import { readCatalogue } from '#program/siteFiles'
import { Decider } from '../../edge-agent/control/decider.ts'
import { EquipmentGuard } from '../../edge-agent/control/equipmentGuard.ts'
import { FireLinkage } from '../../edge-agent/control/fireLinkage.ts'
import { PriorityArrays } from '../../edge-agent/control/priorityArrays.ts'
import { ProgrammeKeeper, runningNodes } from '../../edge-agent/control/programmeKeeper.ts'
import { RunKeeper, runSources } from '../../edge-agent/control/runKeeper.ts'
import { ProcessImage } from '../../edge-agent/domain/image.ts'
import type { Bucket, Effect } from '../../edge-agent/memory/edgeMemory.ts'

export const catalogue = readCatalogue(readEnvironment({}).ZHIBAN_PROFILES)
const name = (id: string) => `name: { zh: ${id}, en: ${id} }`

/** Two zones on one air handler, one zone on another, one plant, one panel: the smallest building with every seam in it. */
export const miniSite = (timeZone = 'Asia/Shanghai'): Site => {
  const zone = (id: string) => `  - { id: ${id}, ${name(id)}, floor: f1, side: west, controller: zc-${id}, areaM2: 100 }`
  const device = (id: string, type: string, unit: number, feeds: string[] = []) =>
    `  - { id: ${id}, ${name(id)}, profile: ${type}, bus: bus, unit: ${unit}, feeds: [${feeds.join(', ')}] }`
  const text = [
    `site: mini\n${name('mini')}\ntimeZone: ${timeZone}\ncentreHours: { from: "07:00", to: "19:00" }`,
    `floors: [{ id: f1, ${name('f1')}, order: 1 }]`,
    `zones:\n${['a', 'b', 'c'].map(zone).join('\n')}`,
    'console: { user: c, password: env:C }',
    `agents: [{ id: agent, ${name('agent')}, user: a, password: env:A }]`,
    `buses: [{ id: bus, ${name('bus')}, agent: agent, protocol: modbus-tcp, host: h, port: "1" }]`,
    'devices:',
    ...['a', 'b', 'c'].map((z, i) => device(`zc-${z}`, 'zone-controller', i + 1)),
    device('ahu-1', 'ahu', 11, ['zc-a', 'zc-b']),
    device('ahu-2', 'ahu', 12, ['zc-c']),
    device('plant', 'chiller-plant', 13, ['ahu-1', 'ahu-2']),
    device('panel', 'fire-panel', 14),
    `interlocks:\n  - { id: drive, ${name('drive')}, devices: [ahu-1], point: fan_cmd, hold: false, unless: { point: vfd_flt, equals: false } }`,
    `compartments:\n  - id: comp\n    ${name('comp')}\n    zones: [a, b]\n    panel: panel`,
    '    witnesses: [l1_w1_fire, l1_w2_fire, l1_cpw_fire]\n    panelNormal: { point: fire, value: false }',
    `    linkages: [{ id: air, ${name('air')}, device: ahu-1, point: fan_cmd, value: false, feedback: { point: fan_fb, value: false }, feedbackLimitMs: 30000 }]`,
  ].join('\n')
  const { site, problems } = parseSite({ file: 'mini.yaml', text: `${text}\n` }, catalogue)
  if (!site) throw new Error(JSON.stringify(problems))
  return site
}

/** What runs, in the order zones, air handlers, plant. */
export const running = [
  'zc-a/on_cmd',
  'zc-b/on_cmd',
  'zc-c/on_cmd',
  'ahu-1/fan_cmd',
  'ahu-2/fan_cmd',
  'plant/enable_cmd',
] as const
export type Running = (typeof running)[number]

/**
 * The agent's deciding core without sockets, timers or files: programme, equipment guard and fire linkage over one set
 * of priority arrays. `kept` stands for its disk, so a restart is a new core over the same map.
 */
export class Core {
  readonly kept: Map<Bucket, Map<string, unknown>>
  readonly journal: Extract<Effect, { record: unknown }>['record'][]
  readonly arrays: PriorityArrays
  readonly image: ProcessImage
  readonly programme: ProgrammeKeeper
  readonly guard: EquipmentGuard
  readonly fire: FireLinkage
  readonly runs: RunKeeper
  readonly decider: Decider
  wall: number
  private readonly toDisk: (effects: readonly Effect[]) => void

  constructor(o: {
    site: Site
    calendar: LocalCalendar
    wall: number
    before?: Core
    toDisk?: (effects: readonly Effect[]) => void
  }) {
    const { site, before } = o
    this.wall = o.wall
    this.toDisk = o.toDisk ?? before?.toDisk ?? (() => {})
    this.kept = before?.kept ?? new Map()
    this.journal = before?.journal ?? []
    const devices = site.devices.map(d => ({ id: d.id, profile: catalogue.get(d.profile) as Profile }))
    this.image = new ProcessImage(devices, o.wall)
    const points = new Map<string, Scalar>()
    for (const d of devices)
      for (const [key, p] of d.profile.points) if (p.write) points.set(`${d.id}/${key}`, p.write.relinquishDefault)
    this.arrays = new PriorityArrays(points, this.bucket('holder'))
    const commit = (effects: readonly Effect[]) => this.commit(effects)
    const wall = () => this.wall
    this.fire = new FireLinkage(
      { site, image: this.image, arrays: this.arrays, mono: wall, wall, commit, setAlarm: () => [] },
      { latched: this.bucket('latched'), witness: this.bucket('witness'), test: this.bucket('test') },
    )
    this.programme = new ProgrammeKeeper({
      site,
      nodes: runningNodes(site, catalogue, site.devices),
      calendar: o.calendar,
      arrays: this.arrays,
      kept: this.bucket('programme').get('in-force') as Programme | undefined,
      wall: o.wall,
    })
    this.runs = new RunKeeper(runSources(site, catalogue, site.devices), this.image)
    this.commit(RunKeeper.closeInterrupted(this.bucket('run'), before && { wall: before.wall, livedMs: before.wall }, o.wall))
    this.guard = new EquipmentGuard({
      site,
      catalogue,
      devices: site.devices,
      arrays: this.arrays,
      read: ref => this.image.get(ref),
    })
    this.decider = new Decider({ arrays: this.arrays, guard: this.guard, programme: this.programme, commit })
    this.commit(this.fire.resume())
    for (const d of devices) this.image.setLink(d.id, null, o.wall)
    if (before)
      for (const [id, d] of before.image.devices) {
        const readings = [...d.values]
          .filter(([, v]) => v.q === 'good')
          .map(([k, v]) => [k, { ok: true, v: v.v, raw: () => '' }] as const)
        this.image.apply(id, new Map(readings), o.wall, o.wall)
      }
  }

  bucket(name: Bucket): Map<string, unknown> {
    const known = this.kept.get(name) ?? new Map<string, unknown>()
    this.kept.set(name, known)
    return known
  }

  commit(effects: readonly Effect[]) {
    if (effects.length > 0) this.toDisk(effects)
    // Through JSON, as through the disk.
    for (const e of effects)
      if ('record' in e) this.journal.push(e.record)
      else if ('keep' in e) this.bucket(e.keep).set(e.key, JSON.parse(JSON.stringify(e.body)))
      else this.bucket(e.forget).delete(e.key)
  }

  /** A device says something about one of its points. */
  reads(device: string, key: string, v: Scalar) {
    this.image.apply(device, new Map([[key, { ok: true as const, v, raw: () => '' }]]), this.wall, this.wall)
    this.fire.onPanelRead(device)
  }

  /** Every device follows its command at once and says so. */
  follow() {
    for (const ref of running) {
      const [device = '', command = ''] = ref.split('/')
      const runs = this.image.devices.get(device)?.profile.runs
      this.fire.onWritten(ref, this.on(ref), 'taken')
      if (runs && command === runs.command) this.reads(device, runs.feedback, this.on(ref))
    }
    this.fire.step()
    this.commit(this.runs.step(this.wall, this.wall))
  }

  /** One tick of the agent, in its order. */
  step(wall: number) {
    this.wall = wall
    this.decider.settle(wall)
  }

  on(ref: Running): boolean {
    return winningValue(this.arrays.of(ref)) === true
  }

  holderOf(ref: Running) {
    return winner(this.arrays.of(ref))
  }
}
