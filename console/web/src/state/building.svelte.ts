import { feedersOf } from '#api/feeders'
import type { HoldersView } from '#api/models/live'
import type { DeviceCatalogue, SiteView } from '#api/models/site'
import type { AnswerOf } from '#api/routes/all'
import type { Text } from '#api/words/text'
import type { Messages } from '#api/words/zh'
import type { PointRef, Words } from '#contract/names'
import type { PointRole } from '#contract/pointRoles'
import type { PointValue } from '#contract/quality'
import { ask } from '../live/api.ts'
import type { Live } from '../live/live.svelte.ts'

type Tenant = AnswerOf<'GET /tenants'>[number]
type Around = { readonly live: Live; readonly t: Messages; word(said: Text): string }

/** The building that is watched: its places, devices and tenants by name, its points by what they do. */
export class Building {
  site = $state.raw<SiteView | null>(null)
  tenants = $state.raw<ReadonlyMap<string, Tenant>>(new Map())
  #roles: ReadonlyMap<string, Partial<Record<PointRole, string>>> = new Map()
  readonly #catalogues = new Map<string, DeviceCatalogue>()
  readonly #ui: Around

  constructor(ui: Around) {
    this.#ui = ui
  }

  learn(site: SiteView, tenants: readonly Tenant[]) {
    this.site = site
    this.#roles = new Map(site.devices.map(d => [d.id, d.roles]))
    this.tenants = new Map(tenants.map(t => [t.id, t]))
  }

  /** The points of a device with names and texts; loaded once, asked for again while its agent has not told them yet. */
  async catalogue(device: string): Promise<DeviceCatalogue> {
    const known = this.#catalogues.get(device)
    if (known) return known
    const found = await ask('GET /devices/:device/catalogue', { params: { device } })
    this.#catalogues.set(device, found)
    return found
  }

  /** The point by which a device does or tells something; undefined where it has none. */
  pointOf(device: string | undefined, role: PointRole): PointRef | undefined {
    const key = device === undefined ? undefined : this.#roles.get(device)?.[role]
    return key === undefined ? undefined : `${device}/${key}`
  }

  /** What it is now. */
  valueOf(device: string | undefined, role: PointRole): PointValue | undefined {
    const ref = this.pointOf(device, role)
    return ref === undefined ? undefined : this.#ui.live.value(ref)
  }

  holdersOf(device: string | undefined, role: PointRole): HoldersView | undefined {
    const ref = this.pointOf(device, role)
    return ref === undefined ? undefined : this.#ui.live.holders.get(ref)
  }

  /** Whether something stands in for a device that is not there yet. */
  isSimulated(device: string | undefined): boolean {
    return this.site?.devices.find(d => d.id === device)?.simulated ?? false
  }

  /** The devices by which a zone gets its air, as far as something stands in for them: its controller, and what feeds that. */
  simulatedFor(zone: string): string[] {
    const devices = this.site?.devices ?? []
    const controller = this.site?.zones.find(z => z.id === zone)?.controller
    if (controller === undefined) return []
    return [controller, ...feedersOf(devices, controller)].filter(id => this.isSimulated(id))
  }

  readonly #buses = $derived(new Map(this.site?.devices.map(d => [d.id, d.bus])))
  /** The bus that a device is on. */
  busOf = (device: string): string | undefined => this.#buses.get(device)

  placeName(place: string | null): string {
    const s = this.site
    if (!s) return ''
    if (place === null) return this.#ui.t.alarms.site
    const found = [...s.compartments, ...s.zones, ...s.units, ...s.floors, ...s.devices].find(x => x.id === place)
    return found ? this.#ui.word(found.name) : place
  }

  /** Where an alarm is: its place, else its device, else the whole site. */
  alarmPlace(a: { place: string | null; device: string | null }): string {
    return a.place === null && a.device !== null ? this.deviceName(a.device) : this.placeName(a.place)
  }

  tenantName(id: string | null): string {
    return id === null ? '' : (this.tenants.get(id)?.short ?? id)
  }

  addressOf(d: SiteView['devices'][number]): string {
    return d.unit === null ? (d.prefix ?? '') : this.#ui.t.devices.unit(d.unit)
  }

  busName(id: string): string {
    const bus = this.site?.buses.find(b => b.id === id)
    return bus ? this.#ui.word(bus.name) : id
  }

  deviceName(id: string): string {
    return this.#ui.word(this.deviceWords(id))
  }

  /** A device's name; one that the site has no longer is still called what it was. */
  deviceWords(id: string): Words {
    return this.site?.devices.find(d => d.id === id)?.name ?? { zh: id, en: id }
  }
}
