import { keysByRole, type PointRole } from '#contract/pointRoles'
import type { Profile, Register } from '#contract/profile'
import type { Device } from '#contract/site'
import { decodeWritten, encodeRegister } from './registers/encode.ts'

export type SimValue = number | boolean
export type FaultKind = 'silent' | 'slow' | 'exception' | 'nonsense' | 'frozen'
export type Fault = { kind: FaultKind; delayMs?: number | undefined }

type Cell = { key: string; register: Register; word: number }

/**
 * One simulated device: the values of its points, as physics left them, served through registers or MQTT.
 * `pinned` points are held by a person at the control panel of the simulators; physics does not touch them.
 */
export class SimDevice {
  readonly site: Device
  readonly profile: Profile
  fault: Fault | undefined
  /** Called after anything changed from outside physics, so that an MQTT device speaks at once. */
  onTouched: () => void = () => {}
  /** Something to be told once, which is no value; registers cannot. */
  onEvent: (event: string, detail: string) => void = () => {}
  readonly #values = new Map<string, SimValue>()
  readonly #keys: ReadonlyMap<PointRole, string>
  #supervision: NodeJS.Timeout | undefined
  readonly #pinned = new Set<string>()
  readonly #cells = new Map<string, Cell[]>()

  constructor(site: Device, profile: Profile) {
    this.site = site
    this.profile = profile
    this.#keys = keysByRole(profile)
    for (const [key, point] of profile.points) {
      const start = point.write?.relinquishDefault ?? (point.kind === 'binary' ? false : 0)
      this.#values.set(key, typeof start === 'string' || start === null ? 0 : start)
      if (!point.register) continue
      const words = point.register.type.endsWith('32') ? 2 : 1
      for (let word = 0; word < words; word++) {
        const address = `${point.register.table}:${point.register.address + word}`
        this.#cells.set(address, [...(this.#cells.get(address) ?? []), { key, register: point.register, word }])
      }
    }
  }

  get id() {
    return this.site.id
  }

  /** The point that a role stands for in this device. */
  keyOf(role: PointRole): string | undefined {
    return this.#keys.get(role)
  }

  num(role: PointRole): number {
    return Number(this.value(this.#keys.get(role)))
  }

  on(role: PointRole): boolean {
    return Boolean(this.value(this.#keys.get(role)))
  }

  /** Physics sets what the device is found to be, as far as it has a point that says so. */
  set(role: PointRole, value: SimValue) {
    const key = this.#keys.get(role)
    if (key !== undefined) this.setPoint(key, value)
  }

  value(key: string | undefined): SimValue {
    return (key === undefined ? undefined : this.#values.get(key)) ?? 0
  }

  has(key: string): boolean {
    return this.#values.has(key)
  }

  /** A pinned point stays as the person left it, and a frozen device as it was. */
  setPoint(key: string, value: SimValue) {
    if (this.fault?.kind !== 'frozen' && !this.#pinned.has(key)) this.#values.set(key, value)
  }

  /** A master or a card reader changes a point. */
  write(key: string, value: SimValue) {
    this.#values.set(key, value)
    this.onTouched()
  }

  pin(key: string, value: SimValue) {
    this.#pinned.add(key)
    this.write(key, value)
  }

  unpin(key: string) {
    this.#pinned.delete(key)
  }

  get pinned(): number {
    return this.#pinned.size
  }

  isPinned(key: string) {
    return this.#pinned.has(key)
  }

  entries() {
    return [...this.#values.entries()]
  }

  /** One register or coil as it stands on the wire; undefined when the device has nothing there. */
  word(table: Register['table'], address: number): number | undefined {
    const cells = this.#cells.get(`${table}:${address}`)
    if (!cells) return undefined
    let bits = 0
    for (const cell of cells) {
      const value = this.#values.get(cell.key) ?? 0
      if (cell.register.bit !== undefined) bits |= (value ? 1 : 0) << cell.register.bit
      else return encodeRegister(cell.register, value)[cell.word] ?? 0
    }
    return bits
  }

  /** Once it has heard a supervisor, it takes its fallback when that falls silent, and leaves it when it is heard again. */
  #beat() {
    const rule = this.profile.heartbeat
    if (!rule) return
    clearTimeout(this.#supervision)
    for (const [key, value] of Object.entries(rule.fallback)) if (value === true) this.write(key, false)
    this.#supervision = setTimeout(() => {
      for (const [key, value] of Object.entries(rule.fallback)) this.write(key, value as SimValue)
    }, rule.timeoutMs)
    this.#supervision.unref()
  }

  /** A master writes one coil or holding register; false when the device has nothing writable there. */
  writeWord(table: 'coil' | 'holding', address: number, word: number): boolean {
    const cell = this.#cells.get(`${table}:${address}`)?.[0]
    if (!cell) return false
    if (cell.key === this.profile.heartbeat?.point) this.#beat()
    else if (!this.profile.points.get(cell.key)?.write) return false
    this.write(cell.key, table === 'coil' ? word !== 0 : decodeWritten(cell.register, word))
    return true
  }
}
