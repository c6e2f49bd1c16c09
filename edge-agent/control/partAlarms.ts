import { refOf, type Words } from '#contract/names'
import type { Profile } from '#contract/profile'
import { faultWords } from '../domain/faultWords.ts'
import type { Exchange, Fault, Part } from '../field/fieldBus.ts'
import type { Effect } from '../memory/edgeMemory.ts'
import type { DirectAlarm } from './alarmKeeper.ts'

type Watched = { id: string; name: Words; profile: Profile; placeOf(point: string): string | null }
type Options = {
  devices: readonly Watched[]
  /** Standing alarms as they were kept; each names the first point that was lost. */
  standing: Iterable<{ key: string; point: string | null }>
  stands(key: string): boolean
  setAlarm(alarm: DirectAlarm, active: boolean, point?: string | null): Effect[]
  clearAlarm(key: string): Effect[]
}

/** What cannot be decoded is lost after so many readings in a row, but the slow ones need not be waited for so long. */
const readingsBeforeLost = 3
const lostAfterMs = 5000

const keyOf = (device: string, part: string) => `part/${device}/${part}`
const wordOf = (device: string, word: string) => `bits/${device}/${word}`

/**
 * Parts of a device as links of their own (design §3): a block that answers an exception, or whose words cannot be decoded,
 * has its alarm, as loud as its device's. Bits that the profile does not know are a fault of their word.
 */
export class PartAlarms {
  readonly #o: Options
  readonly #byId: Map<string, Watched>
  /** Standing alarms of parts: what they are about, by their key. */
  readonly #lost = new Map<string, string>()
  /** Parts with words that cannot be decoded: since when, and how many readings. */
  readonly #undecoded = new Map<string, { since: number; readings: number }>()

  constructor(o: Options) {
    this.#o = o
    this.#byId = new Map(o.devices.map(d => [d.id, d]))
    for (const { key, point } of o.standing) if (key.startsWith('part/') && point) this.#lost.set(key, point)
  }

  /** A kept alarm is ours while its device and its point are there. */
  knows(key: string): boolean {
    const [kind, id = ''] = key.split('/')
    if (kind !== 'part' && kind !== 'bits') return false
    const device = this.#byId.get(id)
    const point = this.#lost.get(key)?.slice(id.length + 1)
    return device !== undefined && (kind === 'bits' || device.profile.points.has(point ?? ''))
  }

  /** The bus lost a part, or reads it again. */
  onPart(device: string, part: Part, fault: Fault | null): Effect[] {
    if (fault === null) return this.#found(device, part)
    return this.#lose(device, part, part.keys, faultWords(fault))
  }

  onExchange(device: string, { readings, part }: Exchange, mono: number): Effect[] {
    if (!part) return []
    const broken = part.keys.filter(k => readings.get(k)?.ok === false)
    const effects = this.#onBits(device, readings)
    if (broken.length === 0) return [...effects, ...this.#found(device, part)]
    const key = keyOf(device, part.id)
    const before = this.#undecoded.get(key) ?? { since: mono, readings: 0 }
    const now = { since: before.since, readings: before.readings + 1 }
    this.#undecoded.set(key, now)
    const lasts = now.readings >= readingsBeforeLost || (now.readings > 1 && mono - now.since >= lostAfterMs)
    if (!lasts) return effects
    return [...effects, ...this.#lose(device, part, broken, { zh: '无有效数值', en: 'no valid value' })]
  }

  #lose(id: string, part: Part, lost: readonly string[], why: Words): Effect[] {
    const key = keyOf(id, part.id)
    const device = this.#byId.get(id)
    const first = device?.profile.points.get(lost[0] ?? '')
    if (this.#lost.has(key) || !device || !first) return []
    this.#lost.set(key, refOf(id, lost[0] ?? ''))
    const places = new Set(lost.map(k => device.placeOf(k)))
    const more = lost.length - 1
    const name = {
      zh: `${device.name.zh} 部分失联：${first.name.zh}${more > 0 ? `等 ${lost.length} 点` : ''}（${why.zh}）`,
      en: `${device.name.en}: part lost, ${first.name.en}${more > 0 ? ` and ${more} more` : ''} (${why.en})`,
    }
    const alarm = {
      key,
      level: device.profile.linkAlarmLevel,
      kind: 'link' as const,
      device: id,
      place: places.size === 1 ? ([...places][0] ?? null) : device.placeOf(''),
      name: { zh: name.zh.slice(0, 120), en: name.en.slice(0, 160) },
    }
    return this.#o.setAlarm(alarm, true, this.#lost.get(key))
  }

  /** The part is whole again; so is every smaller part of it that had been lost apart, under whatever name. */
  #found(device: string, part: Part): Effect[] {
    this.#undecoded.delete(keyOf(device, part.id))
    if (this.#lost.size === 0) return []
    const whole = new Set(part.keys.map(k => refOf(device, k)))
    return [...this.#lost]
      .filter(([, point]) => whole.has(point))
      .flatMap(([key]) => {
        this.#lost.delete(key)
        return this.#o.clearAlarm(key)
      })
  }

  #onBits(id: string, readings: Exchange['readings']): Effect[] {
    const device = this.#byId.get(id)
    const words = new Map<string, number>()
    for (const [key, r] of readings) {
      const register = device?.profile.points.get(key)?.register
      if (!r.ok || register?.bit === undefined) continue
      const word = `${register.table}-${register.address}`
      words.set(word, (words.get(word) ?? 0) | (r.unknownBits ?? 0))
    }
    return [...words].flatMap(([word, bits]) => {
      const key = wordOf(id, word)
      if (!device || (bits !== 0) === this.#o.stands(key)) return []
      if (bits === 0) return this.#o.clearAlarm(key)
      const shown = `${word} 0x${bits.toString(16).toUpperCase().padStart(4, '0')}`
      const name = {
        zh: `${device.name.zh} 状态字有未知位 ${shown}`,
        en: `${device.name.en}: unknown bits in a status word, ${shown}`,
      }
      return this.#o.setAlarm({ key, level: 3, kind: 'fault', device: id, place: device.placeOf(''), name }, true)
    })
  }
}
