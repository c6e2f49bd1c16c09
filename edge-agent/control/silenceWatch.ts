import { refOf } from '#contract/names'
import type { Device } from '#contract/site'
import { type Heard, silenceOf } from '../domain/silence.ts'
import type { Effect } from '../memory/edgeMemory.ts'
import type { DirectAlarm } from './alarmKeeper.ts'
import type { Watch, WatchTools } from './watch.ts'

/** A change is kept at most so often: the watch counts hours. */
const keepEveryMs = 600_000

const quietKey = (device: string) => `quiet/${device}`
const untestedKey = (device: string) => `untested/${device}`

type Options = { devices: readonly Device[]; setAlarm(alarm: DirectAlarm, active: boolean): Effect[] }

/** The silence watchdog of the devices that the site file names (`watch`). */
export class SilenceWatch {
  readonly #watched: Map<string, { device: Device; heard: Heard; keptAt: number }>
  readonly #setAlarm: Options['setAlarm']

  constructor(o: Options, kept: ReadonlyMap<string, unknown>, wall: number) {
    this.#setAlarm = o.setAlarm
    this.#watched = new Map(
      o.devices
        .filter(d => d.watch)
        .map(device => {
          const heard = (kept.get(device.id) as Heard | undefined) ?? { changedAt: wall, testedAt: wall }
          return [device.id, { device, heard, keptAt: kept.has(device.id) ? wall : -Infinity }]
        }),
    )
  }

  get keys(): string[] {
    return [...this.#watched.keys()].flatMap(id => [quietKey(id), untestedKey(id)])
  }

  /** Points of a device that said something new. `on` tells whether a point is on now. */
  heard(id: string, news: readonly string[], on: (key: string) => boolean, wall: number): Effect[] {
    const w = this.#watched.get(id)
    if (!w || news.length === 0) return []
    const { testPoint } = w.device.watch ?? {}
    const tested = testPoint !== undefined && news.includes(testPoint) && on(testPoint)
    w.heard = { changedAt: wall, testedAt: tested ? wall : w.heard.testedAt }
    if (!tested && Math.abs(wall - w.keptAt) < keepEveryMs) return []
    w.keptAt = wall
    return [{ keep: 'heard', key: id, body: w.heard }]
  }

  /** Called now and then; no effects while nothing has changed. */
  step(wall: number): Effect[] {
    return [...this.#watched.values()].flatMap(({ device, heard, keptAt }) => {
      const { quiet, untested } = silenceOf(device.watch ?? {}, heard, wall)
      const { quietH = 0, testD = 0 } = device.watch ?? {}
      const common = { level: 3 as const, kind: 'system' as const, device: device.id, place: device.place ?? null }
      const silent = {
        zh: `${device.name.zh} 超过 ${quietH} 小时没有新消息`,
        en: `${device.name.en}: nothing new for over ${quietH} h`,
      }
      const due = { zh: `${device.name.zh} 超过 ${testD} 天没有测试`, en: `${device.name.en}: not tested for over ${testD} days` }
      return [
        ...(keptAt === -Infinity ? this.#first(device.id) : []),
        ...this.#setAlarm({ key: quietKey(device.id), name: silent, ...common }, quiet),
        ...this.#setAlarm({ key: untestedKey(device.id), name: due, ...common }, untested),
      ]
    })
  }

  /** The count begins with the first start, not with each. */
  #first(id: string): Effect[] {
    const w = this.#watched.get(id)
    if (!w) return []
    w.keptAt = w.heard.changedAt
    return [{ keep: 'heard', key: id, body: w.heard }]
  }
}

export const watchSilence = ({ devices, image, kept, setAlarm, wall }: WatchTools): Watch => {
  const watch = new SilenceWatch({ devices, setAlarm }, kept, wall)
  return {
    keys: watch.keys,
    onExchange: ({ id, news, at }) => watch.heard(id, news, key => image.get(refOf(id, key))?.v === true, at.wall),
    slow: at => watch.step(at.wall),
  }
}
