import type { JournalOf } from '#contract/journal'
import type { SiteInForce } from '#program/siteInForce'
import type { Effect } from '../memory/edgeMemory.ts'
import type { DirectAlarm } from './alarmKeeper.ts'
import type { Watch } from './watch.ts'

const key = 'system/site-file'
const mostDevices = 1000

/** What a name may be long (contract, `words`). */
const longest = 120
const fitting = (text: string) => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text)

/** Says aloud that the site file was changed and is not in force, until it is mended. */
export class SiteWatch implements Watch {
  readonly keys = [key]
  refused: string | undefined
  readonly #setAlarm: (alarm: DirectAlarm, active: boolean) => Effect[]

  constructor(refused: string | undefined, setAlarm: (alarm: DirectAlarm, active: boolean) => Effect[]) {
    this.refused = refused
    this.#setAlarm = setAlarm
  }

  slow(): Effect[] {
    const [first = '', ...more] = (this.refused ?? '').split('\n')
    const name = {
      zh: fitting(`站点文件有误${more.length > 0 ? ` ${more.length + 1} 处` : ''}，未采用：${first}`),
      en: fitting(`Site file not taken${more.length > 0 ? `, ${more.length + 1} faults` : ''}: ${first}`),
    }
    return this.#setAlarm({ key, level: 3, kind: 'system', device: null, place: null, name }, this.refused !== undefined)
  }
}

/** What is different of the devices from the last time, for the journal; undefined where nothing is. */
export const siteChange = ({ site, catalogue, before }: SiteInForce, at: number): JournalOf<'site'> | undefined => {
  if (!before || (before.site === site && before.catalogue === catalogue)) return undefined
  const told = (s: Pick<SiteInForce, 'site' | 'catalogue'>) =>
    new Map(
      s.site.devices.map(d => {
        const profile = s.catalogue.get(d.profile)
        return [
          d.id,
          JSON.stringify([d, { ...profile, points: [...(profile?.points ?? [])], alarms: [...(profile?.alarms ?? [])] }]),
        ]
      }),
    )
  const [was, is] = [told(before), told({ site, catalogue })]
  const some = (ids: Iterable<string>, when: (id: string) => boolean) => [...ids].filter(when).slice(0, mostDevices)
  return {
    type: 'site',
    at,
    added: some(is.keys(), id => !was.has(id)),
    removed: some(was.keys(), id => !is.has(id)),
    changed: some(is.keys(), id => was.has(id) && was.get(id) !== is.get(id)),
  }
}
