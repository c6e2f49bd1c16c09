import type { MovingIn } from '#api/models/site'
import { roles } from '#api/rights'
import { accountsIn, rolesOf } from '../books/persons.ts'
import { tenanciesOn } from '../site/tenancies.ts'
import type { Desk } from './desk.ts'

/** What a building that moves in has brought so far. */
export const movingIn = async ({ books, directory, rules, wall }: Desk): Promise<MovingIn> => {
  const db = books.read
  const now = wall()
  const date = directory.calendar.dateOf(now)
  const { zones } = directory.site
  const { units } = directory
  const [people, posts, tenants, taken] = await Promise.all([
    accountsIn(db).where('user_account.active', '=', 1).execute(),
    db.selectFrom('post').select('id').execute(),
    db.selectFrom('tenant').select('id').execute(),
    tenanciesOn(db, date).select('unit').distinct().execute(),
  ])
  const held = people.map(rolesOf)
  const here = new Set(taken.map(t => t.unit))
  const priced = await Promise.all(zones.map(z => directory.tariffOf(db, z.id, now)))
  const year = Number(date.slice(0, 4))
  return {
    people: {
      ...{ count: people.length, posts: posts.length },
      holders: Object.fromEntries(roles.map(r => [r, held.filter(h => h.includes(r)).length])) as MovingIn['people']['holders'],
    },
    tenants: tenants.length,
    units: { all: units.length, let: units.filter(u => here.has(u.id)).length },
    zones: {
      all: zones.length,
      vacant: zones.filter(z => !here.has(directory.unitOfPlace(z.id) ?? '')).map(z => z.id),
      unpriced: zones.filter((_, i) => !priced[i]).map(z => z.id),
    },
    years: [year, year + 1].map(y => ({ year: y, known: rules.calendar.knows(y) })),
  }
}
