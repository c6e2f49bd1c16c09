import { type PointRef, refOf } from '#contract/names'
import { type Holder, level, prevailing } from '#contract/priority'
import { isTrusted, type PointValue, type Scalar } from '#contract/quality'
import { conditionOf, type Interlock, type Site } from '#contract/site'

/** One interlock of one device, with its points named in full. */
export type InterlockRule = {
  target: PointRef
  hold: Scalar
  unless: { point: PointRef; equals: Scalar }
  id: string
  rank: number | undefined
  name: Interlock['name']
}

/** The interlocks of the site for the devices of one agent. */
export const interlockRules = (site: Site, devices: ReadonlySet<string>): InterlockRule[] =>
  site.interlocks.flatMap(i =>
    i.devices
      .filter(d => devices.has(d))
      .map(d => ({
        id: `interlock:${i.id}`,
        rank: i.rank,
        name: i.name,
        target: refOf(d, i.point),
        hold: i.hold,
        unless: { point: conditionOf(i, d), equals: i.unless.equals },
      })),
  )

/**
 * The entry that a point's interlocks ask for on level 5; undefined when all are satisfied. What cannot be trusted
 * changes nothing: an interlock in force stays, and none is made up while its condition is unknown. Each keeps its own value;
 * their ranks say which prevails.
 */
export const protection = (
  rules: readonly InterlockRule[],
  read: (ref: PointRef) => PointValue | undefined,
  before: Holder | undefined,
  wall: number,
): Holder | undefined => {
  const open = rules.filter(r => {
    const value = read(r.unless.point)
    return isTrusted(value) ? value.v !== r.unless.equals : before?.causes.some(c => c.id === r.id)
  })
  const first = open[0]
  if (!first) return undefined
  const causes = open.map(r => ({ id: r.id, what: r.name, value: r.hold, ...(r.rank === undefined ? {} : { rank: r.rank }) }))
  return { level: level.protection, value: prevailing(causes, first.hold), causes, since: before?.since ?? wall, until: null }
}
