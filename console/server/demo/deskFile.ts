import { existsSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { z } from 'zod'
import { roles } from '#api/rights'
import { slug, words } from '#contract/names'
import type { Catalogue } from '#contract/profile'
import { readYaml } from '#contract/yamlSource'
import { FileProblems } from '#program/siteFiles'
import type { Accounts } from '../auth/accounts.ts'
import { system } from '../books/audit.ts'
import type { BooksStore } from '../books/books.ts'
import { nothingTouched } from '../books/unitOfWork.ts'
import type { Manual } from '../engine/chapter.ts'
import { checkedForm } from '../engine/formSchema.ts'
import { thingKind } from '../engine/things/thingBook.ts'
import { saveTenants } from '../master/tenantFiles.ts'
import type { Directory } from '../site/directory.ts'
import { isAtSite } from '../site/floorSpots.ts'
import { statutoryDays } from '../site/statutoryDays.ts'

/** People, tenants and prices of a demo site, beside its site file: <site>.desk.yaml. */
const deskFile = ({ routines }: Pick<Manual, 'routines'>) =>
  z.strictObject({
    posts: z
      .array(
        z.strictObject({
          id: slug,
          name: words,
          roles: z.array(z.enum(roles)).min(1),
          duties: z.array(z.enum(routines.map(r => r.id))).default([]),
        }),
      )
      .min(1),
    users: z.array(z.strictObject({ name: z.string(), display: z.string(), post: slug, password: z.string() })),
    tenants: z.array(
      z.strictObject({
        id: z.string(),
        name: z.string(),
        short: z.string(),
        contact: z.string(),
        /** He may order paid services, by his own link too. */
        orders: z.boolean().default(false),
        phone: z.string(),
        units: z.array(z.string()).min(1),
      }),
    ),
    tariffs: z.array(
      z.strictObject({
        id: z.string(),
        name: words,
        fenPerHour: z.number().int().positive(),
        roundingMinutes: z.number().int().positive(),
        minimumMinutes: z.number().int().nonnegative(),
        validFrom: z.iso.date(),
        zones: z.array(z.string()).min(1),
      }),
    ),
    /** Where things stand on the plan of one floor, or of every floor whose number {n} makes it one of the site's. */
    spots: z.array(z.strictObject({ ref: z.string(), floor: slug.optional(), x: z.number(), y: z.number() })).default([]),
    /** The site's own things, by the kinds that the manual knows. */
    things: z.array(z.strictObject({ id: slug, kind: slug, form: z.record(z.string(), z.unknown()) })).default([]),
  })

type Parts = { books: BooksStore; accounts: Accounts; directory: Directory; profiles: Catalogue; at: number }

/** Fills an empty database of a demo site, whose posts may owe the routines of the manual. Returns the users to print, none when people are there already. */
export const seedDemo = async (
  siteFile: string,
  { books, accounts, directory, profiles, at }: Parts,
  manual: Manual,
): Promise<{ name: string; password: string; roles: string }[]> => {
  const file = siteFile.replace(/\.ya?ml$/, '.desk.yaml')
  if (!existsSync(file)) return []
  const { value, problems } = readYaml({ file: basename(file), text: readFileSync(file, 'utf8') }, deskFile(manual))
  if (!value) throw new FileProblems(problems)
  const users = value.users.map(u => {
    const post = value.posts.find(p => p.id === u.post)
    if (!post) throw new Error(`${basename(file)}: user '${u.name}' has the post '${u.post}', which is not in posts`)
    return { ...u, roles: post.roles, postName: post.name.zh }
  })
  const listed = users.map(u => ({
    name: u.name,
    password: u.password,
    roles: `${u.roles.join(', ')} (${u.display}, ${u.postName})`,
  }))
  if ((await accounts.count()) > 0) return listed
  await books.write(async tx => {
    for (const p of value.posts) {
      await tx
        .insertInto('post')
        .values({ id: p.id, name_json: JSON.stringify(p.name), roles_json: JSON.stringify(p.roles) })
        .execute()
      for (const routine of p.duties) await tx.insertInto('duty_post').values({ routine, post: p.id }).execute()
    }
    await saveTenants(
      { tx, at, actor: system, touched: nothingTouched() },
      directory,
      value.tenants.map(({ units, contact, phone, orders, ...t }) => ({
        ...t,
        ...{ key: false, restriction: '' },
        contacts: [{ name: contact, phone, may: orders ? ['order' as const] : [] }],
        tenancies: units.map(unit => ({ unit, kind: 'lease' as const, from: null, to: null })),
      })),
      new Map(),
    )
    for (const t of value.tariffs) {
      await tx
        .insertInto('tariff')
        .values({
          id: t.id,
          name_json: JSON.stringify(t.name),
          days: 'any',
          fen_per_hour: t.fenPerHour,
          rounding_minutes: t.roundingMinutes,
          minimum_minutes: t.minimumMinutes,
          valid_from: t.validFrom,
          valid_to: null,
        })
        .execute()
      for (const zone of t.zones) await tx.insertInto('tariff_zone').values({ zone, tariff_id: t.id }).execute()
    }
    for (const { ref, floor, x, y } of value.spots)
      for (const f of directory.site.floors.filter(f => floor === undefined || f.id === floor)) {
        const spot = { ref: ref.replace('{n}', String(f.order)), x, y }
        if (isAtSite(directory.site, profiles, spot.ref))
          await tx
            .insertInto('floor_spot')
            .values({ floor: f.id, ...spot })
            .execute()
      }
    for (const { id, kind: kindId, form } of value.things) {
      const kind = thingKind(manual, kindId)
      const said = checkedForm(kind.fields, form)
      const row = { id, kind: kind.id, code: String(said[kind.code]), form_json: JSON.stringify(said) }
      await tx
        .insertInto('thing')
        .values({ ...row, made_at: at, ended_at: null })
        .execute()
    }
    for (const { date, kind, name } of statutoryDays)
      await tx
        .insertInto('calendar_day')
        .values({ date, kind, name_json: JSON.stringify(name) })
        .execute()
  })
  for (const u of users) await accounts.add(u)
  return listed
}
