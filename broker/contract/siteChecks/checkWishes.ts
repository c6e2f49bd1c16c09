import { refOf } from '../names.ts'
import type { Scalar } from '../quality.ts'
import { cannotWrite } from '../valueFit.ts'
import type { Path } from '../yamlSource.ts'
import { placedLinkages } from './placedLinkages.ts'
import type { SiteParts } from './siteParts.ts'

/** One cause that wants a value of a point. `within` are the compartments in which it acts, empty for an interlock. */
type Wish = { value: Scalar; rank: number | undefined; path: Path; name: string; within: readonly string[] }

/** The wishes for each point. What does not fit its point is said elsewhere, and no wish. */
const grouped = (wishes: readonly (readonly [ref: string, wish: Wish])[], pointOf: SiteParts['pointOf']) => {
  const all = new Map<string, Wish[]>()
  for (const [ref, wish] of wishes) {
    const point = pointOf(ref)
    if (!point || cannotWrite(point, wish.value) === undefined) all.set(ref, [...(all.get(ref) ?? []), wish])
  }
  return all
}

const text = (value: Scalar) => JSON.stringify(value)

/** Says at each wish what else is wanted of its point, where nothing declares which of the two prevails. */
const checkPoint = (ref: string, wishes: readonly Wish[], say: SiteParts['say']) => {
  for (const wish of wishes) {
    const others = wishes.filter(o => o.value !== wish.value)
    const beside = others.find(o => o.within.some(c => wish.within.includes(c)))
    if (beside) {
      const where = wish.within.find(c => beside.within.includes(c))
      const both = `${wish.name} wants ${text(wish.value)} of '${ref}' and ${beside.name} ${text(beside.value)}`
      say([...wish.path, 'value'], `${both}, both in compartment '${where}'; leave one out`)
      continue
    }
    const open = others.find(o => wish.rank === undefined || o.rank === wish.rank)
    if (!open) continue
    const side = wish.rank === undefined ? (wish.within.length > 0 ? 'value' : 'hold') : 'rank'
    const both = `${wish.name} wants ${text(wish.value)} of '${ref}', but ${open.name} wants ${text(open.value)}`
    say([...wish.path, side], `${both}; give each a rank, and not the same (rank 1 prevails)`)
  }
}

/**
 * A level keeps a value per cause; which prevails where they differ is declared, never left to chance (design §4). What the panel
 * does by wire is no cause of ours.
 */
export const checkWishes = ({ site, say, pointOf }: SiteParts) => {
  const atFire = grouped(
    placedLinkages(site)
      .filter(({ linkage, compartments }) => linkage.by === 'agent' && compartments.length > 0)
      .map(({ linkage: l, path, set, compartments }) => {
        const within = compartments.map(c => c.id)
        const name = `linkage '${l.id}' of ${set === undefined ? `compartment '${within[0]}'` : `set '${set}'`}`
        return [refOf(l.device, l.point), { value: l.value, rank: l.rank, path, name, within }] as const
      }),
    pointOf,
  )
  const forProtection = grouped(
    site.interlocks.flatMap((lock, i) =>
      lock.devices.map(device => {
        const wish = { value: lock.hold, rank: lock.rank, path: ['interlocks', i], name: `interlock '${lock.id}'`, within: [] }
        return [refOf(device, lock.point), wish] as const
      }),
    ),
    pointOf,
  )
  const told = new Set<string>()
  const once: SiteParts['say'] = (path, message) => {
    if (!told.has(path.join('.'))) say(path, message)
    told.add(path.join('.'))
  }
  for (const level of [atFire, forProtection]) for (const [ref, wishes] of level) checkPoint(ref, wishes, once)
}
