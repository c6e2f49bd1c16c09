import type { Site } from '#contract/site'
import type { Chance } from './siteTowers.ts'
import type { Place } from './yamlLines.ts'

/** What was spoilt, where, and what must be said of it. */
export type Planted = { place: Place; says: RegExp }
export type Plant = (site: Site, chance: Chance) => Planted

/** A place whose value is set to something wrong. */
export const set = <T extends object>(item: T, key: keyof T, value: unknown) => {
  ;(item as Record<PropertyKey, unknown>)[key] = value
}

/** Something wrong under a key of any one of a list. */
export const inList =
  (
    list: 'zones' | 'units' | 'buses' | 'devices' | 'compartments' | 'interlocks',
    key: string,
    value: unknown,
    says: RegExp,
  ): Plant =>
  (s, chance) => {
    const [i, item] = chance.one<object>(s[list])
    set(item as Record<string, unknown>, key, value)
    return { place: [list, i, key], says }
  }
