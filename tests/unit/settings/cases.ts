import pino from 'pino'
import type { Refusal } from '#api/errors'
import { type DataKind, dataKinds, type TenantFile } from '#api/models/tenants'
import { realPace } from '#contract/pace'
import { noteRun } from '../../../console/server/agents/journal/runBook.ts'
import { attach } from '../../../console/server/attachments/attachmentBook.ts'
import { contactOf } from '../../../console/server/auth/customerLinks.ts'
import { backupPlan, openNightly } from '../../../console/server/backup/nightly.ts'
import { audit, system } from '../../../console/server/books/audit.ts'
import type { Desk } from '../../../console/server/desk/desk.ts'
import { eraseOld } from '../../../console/server/desk/erasure.ts'
import { eraseOldFiles } from '../../../console/server/desk/oldFiles.ts'
import { checkFigures } from '../../../console/server/engine/registers/checks.ts'
import { writeEntry } from '../../../console/server/engine/registers/registerBook.ts'
import { saveThing } from '../../../console/server/engine/things/thingBook.ts'
import { refuseMoreExports } from '../../../console/server/export/exportLimit.ts'
import { dutyRoutes } from '../../../console/server/http/dutyRoutes.ts'
import { findRoutes } from '../../../console/server/http/findRoutes.ts'
import { siteRoutes } from '../../../console/server/http/siteRoutes.ts'
import { lackingTenants } from '../../../console/server/master/lacks.ts'
import { addSeal } from '../../../console/server/master/seals.ts'
import { saveTenant } from '../../../console/server/master/tenantFiles.ts'
import { openWallWatch } from '../../../console/server/mirror/wallWatch.ts'
import { gradesOf } from '../../../console/server/site/dataGrades.ts'
import type { SettingValue } from '../../../console/server/site/settings.ts'
import { longest } from '../../../console/subjects/alarms/longest.ts'
import { soundWatch } from '../../../console/subjects/alarms/settings.ts'
import { openSoundWatch } from '../../../console/subjects/alarms/soundWatch.ts'
import { dutyRecord } from '../../../console/subjects/dutyRecord/register.ts'
import { letVehiclePass } from '../../../console/subjects/gatehouse/gateBook.ts'
import { checkItem, remarkItem } from '../../../console/subjects/handover/items.ts'
import { vacantCleaned } from '../../../console/subjects/occupancy/evidence.ts'
import { remindOfEnds } from '../../../console/subjects/overrides/reminder.ts'
import { bookingFacts } from '../../../console/subjects/overtime/bookingFacts.ts'
import { chargeOver } from '../../../console/subjects/overtime/charges.ts'
import { windUpUnsigned } from '../../../console/subjects/overtime/endings.ts'
import { ownAirOf } from '../../../console/subjects/overtime/ownAir.ts'
import { openCheck } from '../../../console/subjects/postChecks/checks.ts'
import { postChecks } from '../../../console/subjects/postChecks/subject.ts'
import { rounds } from '../../../console/subjects/rounds/subject.ts'
import { mayReport } from '../../../console/subjects/selfService/doorReports.ts'
import { makeContactLink } from '../../../console/subjects/selfService/links.ts'
import { visitFigures } from '../../../console/subjects/visits/evidence.ts'
import { exampleTenant } from '../../harness/consoleBooks.ts'
import { openGate } from '../../harness/gate.ts'
import { days, refusal, type TriedSite, who, zone } from './site.ts'

/** Two values of a setting, and what the rule that reads it comes to on a site where one of them holds. */
export type SettingCase = { values: readonly [SettingValue, SettingValue]; outcome(site: TriedSite): Promise<unknown> }

const complaint = { address: 'f5-w', content: '有异味', category: 'cleaning', contact: '陈立', phone: '138', way: 'phone' }
const order = { address: 'f5-w', content: '漏水', contact: '陈立', phone: '138', kind: 'repair' }
const handled = { result: '已清洁' }

/** A clock that starts with a complaint. */
const complaintClock =
  (key: string, form: object = {}) =>
  async (site: TriedSite) =>
    site.clock((await site.open('desk', 'complaint', { ...complaint, ...form })).id, key)

/** Furniture is moved on Friday at 08:30; what comes of it on a site whose rush hours are these, but for what it has set itself. */
const moving = (key: string) => async (site: TriedSite) => {
  const hours = { 'morning-from': '08:00', 'morning-to': '09:30', 'evening-from': '17:00', 'evening-to': '19:00' }
  for (const [name, value] of Object.entries(hours))
    if (`moving-rush-${name}` !== key) await site.set(`moving-rush-${name}`, value)
  const at = key.includes('morning') ? '08:30' : '17:30'
  return refusal(bookLift(site, 'moving', Date.parse(`2026-11-27T${at}:00+08:00`)))
}
const bookLift = async (site: TriedSite, what: string, from: number) => {
  const form = { name: '消防电梯 1', kind: 'fire' }
  const lift = await site.as('head', work => saveThing(work, site.books.engine.around, 'lift', { id: null, form }, who('head')))
  const asked = { what, address: 'f5-w', contact: '陈立', phone: '138', cargo: '办公桌', lift: lift.id, notice: 'seen' }
  return site.open('desk', 'goods-lift', { ...asked, from, to: from + 1_800_000 })
}

/** How many records are erased a month later. */
const erasedLater = (site: TriedSite) => {
  const { books, unit, engine, rules, directory } = site.books
  return eraseOld({ books, unit, engine, rules, directory, wall: () => site.now + days(40) } as unknown as Desk)
}

const answered = async (site: TriedSite) => {
  const { id } = await site.open('desk', 'complaint', complaint)
  await site.act('head', id, 'handle', handled)
  await site.act('head', id, 'answer', { by: 'phone', words: '满意', visitBy: site.now + days(1) })
  return id
}

/** How many lack what must be there, where one has all but this. */
const lackingWithout = async ({ books, db, now }: TriedSite, kind: DataKind) => {
  const { directory, unit, rules } = books
  const rented = { ...exampleTenant(directory.site.units.at(-1)?.id ?? ''), id: 'other' }
  const file: TenantFile = {
    ...rented,
    contacts: [
      { name: '张伟', phone: kind === 'phone' ? '' : '138', may: [] },
      ...(kind === 'urgent' || kind === 'phone' ? [] : [{ name: '李四', phone: '139', may: ['urgent' as const] }]),
    ],
    tenancies: rented.tenancies.map(t => (kind === 'dates' ? t : { ...t, from: '2026-01-01', to: '2099-12-31' })),
  }
  await unit(system, async work => {
    await saveTenant(work, directory, file, 'new')
    if (kind !== 'seal') await addSeal(work, file.id, { name: '公章', type: 'image/png', bytes: 1, sha256: 'x' })
  })
  const grades = gradesOf(rules)
  return (
    await lackingTenants(db, directory.calendar.dateOf(now), {
      ...grades,
      urgent: kind === 'phone' ? 'none' : grades.urgent,
    }).execute()
  ).length
}

/** Which backups the site's own night has asked for by a moment, when there was none before: of how many. */
const backupsAt = async (site: TriedSite, now: number) => {
  const asked: number[] = []
  const { calendar } = site.books.directory
  const nightly = openNightly(
    {
      into: '/nowhere/at/all',
      partsOf: at => calendar.partsOf(at),
      plan: () => backupPlan(site.books.rules),
      log: pino({ level: 'silent' }),
    },
    async (_, keep) => void asked.push(keep),
  )
  nightly.look(now)
  await nightly.settled()
  return asked
}

/** The figures of return visits of the last 40 days, with one repair of this kind done. */
const visitsAfter = async (site: TriedSite, kind: string) => {
  const { id } = await site.open('desk', 'repair', { ...order, kind })
  await site.books.books.write(tx =>
    tx.updateTable('case_file').set({ state: 'done', ended_at: site.now }).where('id', '=', id).execute(),
  )
  return (
    await visitFigures.count({
      ...site.books.engine.around,
      db: site.db,
      stretch: { from: site.now - days(40), to: site.now + 1 },
      period: '',
    })
  ).figures
}

/** A shift list, whose every matter has its remark and was looked at by the next one. */
const readyHandover = async (site: TriedSite) => {
  const file = await site.open('operator', 'handover', { shift: 'day', incoming: 'guard' })
  const items = await site.db.selectFrom('handover_item').selectAll().where('case_id', '=', file.id).execute()
  for (const i of items) await site.as('operator', work => remarkItem(work, file, i.n, '跟进'))
  const now = await site.act('operator', file.id, 'ready')
  for (const i of items) await site.as('guard', work => checkItem(work, now, i.n))
  await site.act('operator', file.id, 'state-fit', { fit: 'clear' })
  return { id: file.id, items }
}
/** Whether a shift is handed over while this matter is open. */
const bannedBy =
  (procedure: string, form: object, urgent = false): SettingCase['outcome'] =>
  async site => {
    await site.open('desk', procedure, { ...form }, urgent)
    return refusal(site.act('guard', (await readyHandover(site)).id, 'take-over'))
  }

const owedDates = async (site: TriedSite) => {
  await site.duties.make(site.books.books, site.books.unit, site.now)
  const owed = site.db.selectFrom('duty').select(['routine', 'period', 'limit_at'])
  return owed.orderBy('routine').orderBy('period').execute()
}
const unanswered = async (site: TriedSite) =>
  ((await site.ask('head', dutyRoutes, '/my-day')) as { uncovered: unknown }).uncovered

/** For every setting the rule that reads it, carried out as it is shipped. What only shows a setting's own value reads nothing. */
/** For how many seconds a door is opened for a visitor's pass, or a barrier for a car that is let through. */
const openedFor = async (site: TriedSite, what: 'door' | 'barrier') => {
  const gate = await openGate(site)
  gate.heard()
  gate.tells('d-5', { locked: true })
  gate.tells('gate-in-a', { raised: false })
  const guest = { contact: '刘洋', kind: 'guest', document: 'identity', shown: true, place: 'f5-w', host: '陈立' }
  const form = { ...guest, pass: 'K-1', door: 'd-5', until: site.now + 60_000 }
  await site.as('guard', work => writeEntry(work, site.books.engine.around, { register: 'visitors', form }, who('guard')))
  await gate.happens('d-5', 'card', 'K-1')
  await gate.happens('gate-in-a', 'plate', 'A1')
  const car = await site.db
    .selectFrom('register_entry')
    .select('id')
    .where('register', '=', 'vehicle-passages')
    .executeTakeFirstOrThrow()
  await site.as('guard', work => letVehiclePass(gate.desk, work, car.id, { outcome: 'asked' }, who('guard')))
  gate.close()
  const [door, barrier] = gate.sent
  return (what === 'door' ? door : barrier)?.act
}

/** What a contact sees by his own link of his overtime air. */
const ownAir = async (site: TriedSite) => {
  const desk = { ...site.books, wall: () => site.now } as unknown as Desk
  const { token } = await site.as('desk', work => makeContactLink(work, 't', '张伟'))
  return ownAirOf(desk, await contactOf(site.db, token))
}

export const cases: Record<string, SettingCase> = {
  'site-kind': { values: ['office', 'apartments'], outcome: async site => site.duties.owed().map(r => r.id) },
  'complaint-limit': { values: [60, 120], outcome: complaintClock('answer') },
  'complaint-counts': {
    values: ['always', 'service'],
    async outcome(site) {
      await site.set('complaint-limit', 1440)
      return (await complaintClock('answer')(site))?.limit_at
    },
  },
  'complaint-pass-on': { values: [null, 30], outcome: complaintClock('pass-on') },
  'complaint-target': {
    values: [60, 120],
    async outcome(site) {
      await site.set('complaint-limit', 1440)
      return complaintClock('answer')(site)
    },
  },
  'spot-report-limit': { values: [60, 90], outcome: complaintClock('spot', { way: 'staff' }) },
  'collective-to-director': { values: [15, 30], outcome: complaintClock('director', { collective: true }) },
  'collective-to-company': {
    values: [120, 60],
    async outcome(site) {
      const { id } = await site.open('desk', 'complaint', { ...complaint, collective: true })
      await site.act('desk', id, 'tell-director')
      return site.clock(id, 'company')
    },
  },
  'forwarded-report': {
    values: [720, 60],
    async outcome(site) {
      const { id } = await site.open('desk', 'complaint', { ...complaint, way: 'company' })
      await site.act('head', id, 'handle', handled)
      return site.clock(id, 'forwarded')
    },
  },
  'warn-share': {
    values: [75, 50],
    async outcome(site) {
      await site.set('complaint-limit', 100)
      return (await complaintClock('answer')(site))?.warn_at
    },
  },
  'escalate-after': {
    values: [30, 5],
    async outcome(site) {
      await site.set('complaint-limit', 100)
      return (await complaintClock('answer')(site))?.escalate_at
    },
  },
  'urgent-response': {
    values: [null, 30],
    outcome: async site => site.clock((await site.open('desk', 'repair', order, true)).id, 'response'),
  },
  'repair-visit-rate': { values: [0, 80], outcome: async site => (await visitsAfter(site, 'repair'))['owed'] },
  'complaint-visit-rate': {
    values: [null, 100],
    outcome: async site => refusal(site.act('head', await answered(site), 'close')),
  },
  'repair-visits-with-overtime': {
    values: [false, true],
    outcome: async site => (await visitsAfter(site, 'booked-air'))['completed'],
  },
  'overtime-start-limit': {
    values: [10, 30],
    async outcome(site) {
      const row = { id: 'b', state: 'signed', zone, from_at: site.now, to_at: site.now + days(0.1), facts_json: '{}' }
      return (await bookingFacts(site.db, site.books.rules, [row], site.now)).map(b => b.startBy)
    },
  },
  'lift-days-ahead': {
    values: [1, 4],
    outcome: site => refusal(bookLift(site, 'goods', Date.parse('2026-11-27T10:00:00+08:00'))),
  },
  'notice-days': {
    values: ['calendar', 'working'],
    // From Tuesday the 24th Saturday is four days away, and three working days.
    async outcome(site) {
      await site.set('lift-days-ahead', 4)
      return refusal(bookLift(site, 'goods', Date.parse('2026-11-28T10:00:00+08:00')))
    },
  },
  ...Object.fromEntries(
    [
      ['moving-rush-morning-from', '08:00', '09:10'],
      ['moving-rush-morning-to', '08:10', '09:30'],
      ['moving-rush-evening-from', '17:00', '18:10'],
      ['moving-rush-evening-to', '17:10', '19:00'],
    ].map(([key = '', a = '', b = '']): [string, SettingCase] => [key, { values: [a, b], outcome: moving(key) }]),
  ),
  'entry-forms-before': {
    values: [0, 60],
    async outcome(site) {
      const form = { address: 'f5-w', company: '示例', contact: '陈立', phone: '138', notice: '2026-11-20', entry: '2026-12-01' }
      return site.clock((await site.open('desk', 'move-in', form)).id, 'forms')
    },
  },
  'move-out-days-ahead': {
    values: [7, 14],
    outcome(site) {
      const form = {
        address: 'f5-w',
        company: '示例',
        contact: '陈立',
        phone: '138',
        leaseEnds: '2026-12-03',
        leaves: '2026-12-03',
      }
      return refusal(site.open('desk', 'move-out', form))
    },
  },
  'vacant-clean-days': {
    values: [7, 30],
    async outcome(site) {
      const write = (register: string, form: object) =>
        site.as('desk', work =>
          writeEntry(work, site.books.engine.around, { register, form: { ...form } }, { roles: ['front-desk'] }),
        )
      await write('vacant-rooms', { place: 'f5-w', since: '2026-11-01' })
      await write('vacant-cleaning', { place: 'f5-w', found: 'good', cleaner: '陈姐' })
      const stretch = { from: site.now, to: site.now + days(10) }
      const look = { ...site.books.engine.around, db: site.db, stretch, period: '2026-12' }
      return (await vacantCleaned.count(look)).figures
    },
  },
  'overtime-shared-air': {
    values: ['each', 'area'],
    async outcome(site) {
      const beside = 'f12-w'
      const [from, to] = ['20:00', '21:00'].map(t => Date.parse(`2026-11-23T${t}:00+08:00`)) as [number, number]
      await site.as('desk', async work => {
        await work.tx.insertInto('tariff_zone').values({ zone: beside, tariff_id: 'p' }).execute()
        for (const [place, tenant] of [
          [zone, 't'],
          [beside, 'u'],
        ] as const) {
          const { id } = await site.books.engine.open(work, 'repair', { form: { ...order, address: place } }, who('desk'))
          const hours = { from_at: from, to_at: to, live: 1, quoted_fen: 0, ended_at: null, stopped_at: null }
          await work.tx
            .insertInto('booking')
            .values({ ...hours, id, case_id: id, zone: place, tenant })
            .execute()
          const run = {
            type: 'run' as const,
            at: to,
            id,
            zone: place,
            from,
            to,
            lastedMs: to - from,
            why: 'stopped' as const,
            evidence: [],
          }
          await noteRun(work, 'tower', run, site.books.reactions)
          await chargeOver(work, site.books, [id])
        }
      })
      return (await site.db.selectFrom('charge_line').select('fen').execute()).map(l => l.fen)
    },
  },
  'complaints-in-duty-record': {
    values: [false, true],
    async outcome(site) {
      await site.open('desk', 'complaint', complaint)
      return (await site.db.selectFrom('register_entry').select('register').execute()).map(e => e.register)
    },
  },
  'repair-record-kept': {
    values: [false, true],
    async outcome(site) {
      await site.open('desk', 'repair', order)
      return (await site.db.selectFrom('register_entry').select('register').execute()).map(e => e.register)
    },
  },
  'rounds-per-workday': {
    values: [2, 3],
    outcome: async site => {
      const stretch = { from: site.now, to: site.now + days(1) }
      const look = { ...site.books.engine.around, db: site.db, stretch, period: '2026-11-24' }
      return (await rounds.evidence?.['rounds-made']?.count(look))?.figures
    },
  },
  ...Object.fromEntries(
    [
      ['contractor-review-months', 'contractor-review'],
      ['visit-archive-months', 'visit-records-archived'],
    ].map(([key = '', routine = '']): [string, SettingCase] => [
      key,
      { values: ['', '11'], outcome: async site => (await owedDates(site)).filter(d => d.routine === routine) },
    ]),
  ),
  'archive-check-months': {
    values: ['6,12', '5,11'],
    async outcome(site) {
      await site.set('site-kind', 'residential')
      return (await owedDates(site)).filter(d => d.routine === 'archive-check')
    },
  },
  'overtime-by-link': {
    values: [false, true],
    outcome: async site => (await ownAir(site)).mayNot,
  },
  'desk-telephone': {
    values: ['', '021-5555 0100'],
    outcome: async site => (await ownAir(site)).telephone,
  },
  'overtime-signed-later': {
    values: [false, true],
    async outcome(site) {
      const from = Date.parse('2026-11-24T19:00:00+08:00')
      const hours = { zone, from, to: from + 3_600_000, contact: '张伟', phone: '138', quotedFen: 12_000 }
      const { id } = await site.open('desk', 'overtime', hours)
      await site.act('desk', id, 'accept')
      await site.act('desk', id, 'sign', { signature: '张伟' })
      return refusal(site.act('desk', id, 'extend', { to: from + 7_200_000, quotedFen: 24_000, asker: '张伟' }))
    },
  },
  'overtime-sign-reminder': {
    values: [10, 60],
    async outcome(site) {
      const from = Date.parse('2026-11-24T19:00:00+08:00')
      const form = { zone, from, to: from + 3_600_000, contact: '张伟', phone: '138', quotedFen: 12_000 }
      await site.open('desk', 'overtime', form)
      site.now = from - 30 * 60_000
      const wallWatch = openWallWatch(
        () => site.now,
        () => site.now,
        () => realPace,
      )
      await windUpUnsigned({ ...site.books, wallWatch }, site.now)
      return site.db.selectFrom('notice').select('kind').where('kind', '=', 'unsigned').execute()
    },
  },
  'complaint-visits-by': {
    values: ['either', 'supervisor'],
    async outcome(site) {
      const form = { subject: '回访', about: 'after-complaint', address: 'f5-w', contact: '陈立', phone: '138' }
      const { id } = await site.open('desk', 'return-visit', form)
      return refusal(site.act('desk', id, 'satisfied', { way: 'phone', words: '满意' }))
    },
  },
  'customer-visits': { values: [null, 20], outcome: async site => (await visitsAfter(site, 'repair'))['customersOwed'] },
  'backup-at': {
    values: ['03:00', '12:00'],
    outcome: async site => (await backupsAt(site, site.now)).length,
  },
  'attachments-kept': {
    values: [null, 30],
    async outcome(site) {
      const { id } = await site.open('desk', 'complaint', complaint)
      const { books, unit, rules } = site.books
      await unit(system, work => attach(work, id, { name: 'x', type: 'image/png', bytes: 1, sha256: 'x' }))
      await books.write(tx => tx.updateTable('case_file').set({ ended_at: site.now }).where('id', '=', id).execute())
      const files = { remove: async () => {} }
      return eraseOldFiles({ books, unit, rules, files, wall: () => site.now + days(40) } as unknown as Desk)
    },
  },
  'personal-kept-tenants': {
    values: [null, 30],
    async outcome(site) {
      const { unit, directory } = site.books
      const rented = { ...exampleTenant(directory.site.units.at(-1)?.id ?? ''), id: 'other' }
      const tenancies = rented.tenancies.map(t => ({ ...t, to: directory.calendar.dateOf(site.now) }))
      await unit(system, work => saveTenant(work, directory, { ...rented, tenancies }, 'new'))
      return erasedLater(site)
    },
  },
  'personal-kept-cases': {
    values: [30, null],
    async outcome(site) {
      const { id } = await site.open('desk', 'repair', order)
      await site.act('engineer', id, 'accept')
      await site.act('engineer', id, 'finish', { result: '已修好' })
      return erasedLater(site)
    },
  },
  'personal-kept-entries': {
    values: [30, null],
    async outcome(site) {
      await site.as('desk', work =>
        writeEntry(
          work,
          site.books.engine.around,
          { register: 'phone-record', form: { matter: '问路', phone: '138' }, caseId: null, corrects: null, sentAs: null },
          { roles: ['front-desk'] },
        ),
      )
      return erasedLater(site)
    },
  },
  'exports-a-day': {
    values: [1, 2],
    async outcome(site) {
      await site.books.books.write(tx => audit(tx, site.now, { id: 'desk', display: 'desk', station: 's' }, 'exported', 'x'))
      return refusal(refuseMoreExports(site.db, site.books.rules, 'desk', site.now))
    },
  },
  ...Object.fromEntries(
    dataKinds.map(kind => [
      `data-grade-${kind}`,
      { values: ['first', 'second'], outcome: (site: TriedSite) => lackingWithout(site, kind) },
    ]),
  ),
  'backups-kept': {
    values: [3, null],
    outcome: async site => (await backupsAt(site, site.now)).length,
  },
  'phone-rings': {
    values: [3, 2],
    outcome: async site =>
      (
        (await site.ask('desk', desk => siteRoutes({ ...desk, profiles: site.books.profiles }), '/site')) as {
          phoneRings: unknown
        }
      ).phoneRings,
  },
  // Before the service hours begin, the night of the day before is still on duty.
  'service-from': {
    values: ['08:30', '09:30'],
    async outcome(site) {
      const id = await site.roster('2026-11', 'night')
      await site.act('head', id, 'submit')
      await site.act('boss', id, 'approve')
      const day = (await site.ask('head', dutyRoutes, '/my-day')) as { onDuty: { person: string }[] }
      return day.onDuty.map(p => p.person)
    },
  },
  'service-to': { values: ['17:30', '18:00'], outcome: unanswered },
  'night-from': { values: ['21:00', '20:00'], outcome: unanswered },
  'gap-answered-by': { values: ['', '消防中心'], outcome: unanswered },
  'week-summary-day': { values: [null, 3], outcome: owedDates },
  'rest-day-shift': {
    values: ['none', 'before'],
    async outcome(site) {
      await site.set('site-kind', 'apartments')
      return owedDates(site)
    },
  },
  'handover-goods': {
    values: ['钥匙', '钥匙、对讲机'],
    outcome: async site => (await readyHandover(site)).items.map(i => JSON.parse(i.text_json).zh),
  },
  'handover-carries': {
    values: [true, false],
    async outcome(site) {
      await site.open('desk', 'repair', order)
      return refusal(readyHandover(site))
    },
  },
  'handover-ban-major': { values: [true, false], outcome: bannedBy('complaint', { ...complaint, major: true }) },
  'handover-ban-collective': { values: [true, false], outcome: bannedBy('complaint', { ...complaint, collective: true }) },
  'handover-ban-serious': { values: [true, false], outcome: bannedBy('repair', { ...order, major: true }) },
  'handover-ban-urgent': { values: [true, false], outcome: bannedBy('repair', order, true) },
  'own-statement': {
    values: [true, false],
    async outcome(site) {
      const { id } = await site.open('desk', 'complaint', { ...complaint, category: 'staff', against: 'engineer' })
      await site.act('head', id, 'hear-complainant', { account: '态度' })
      return refusal(site.act('head', id, 'ask-statement', { matter: '经过' }))
    },
  },
  'holiday-duty': {
    values: [1, 2],
    async outcome(site) {
      const holiday = { date: '2026-12-25', kind: 'closed' as const, name_json: '{"zh":"假日","en":"holiday"}' }
      await site.books.books.write(tx => tx.insertInto('calendar_day').values(holiday).execute())
      await site.books.rules.reload(site.db)
      return refusal(site.act('head', await site.roster('2026-12', 'night'), 'submit'))
    },
  },
  'record-check-share': {
    values: [20, 100],
    async outcome(site) {
      const nothing = { case_id: null, corrects: null, read_at: null, read_by: null, checked_at: null, checked_by: null }
      const entry = { register: 'duty-record', at: site.now, by_user: 'guard', form_json: '{}', ...nothing }
      const entries = [1, 2, 3, 4].map(n => ({ id: String(n), number: String(n), ...entry }))
      await site.books.books.write(tx => tx.insertInto('register_entry').values(entries).execute())
      const stretch = { from: site.now - days(1), to: site.now + 1 }
      return (await checkFigures(site.db, dutyRecord, stretch, site.books.rules))['checksOwed']
    },
  },
  ...Object.fromEntries(
    [2, 3, 4].map(level => [
      `shelve-most-${level}`,
      { values: [30, 90], outcome: async (site: TriedSite) => longest(site.books.rules, 'shelved', level) } satisfies SettingCase,
    ]),
  ),
  'sound-watch': {
    values: [2, null],
    outcome: async site => openSoundWatch(0).isSilent(0, 3 * 60_000, site.books.rules.ms(soundWatch)),
  },
  'override-remind-before': {
    values: [10, 90],
    async outcome(site) {
      const [until, at] = [site.now + 3_600_000, site.now - days(1)]
      const held = { id: 's', kind: 'shelved', source: 'tower', key: 'k', level: 3, name_json: '"k"', device: null, place: null }
      const row = { ...held, why: '', at, by_user: 'he', by_id: 'he', until, ended_at: null, ended_by: null, ended_by_id: null }
      const suppressions = { rows: [row] }
      await remindOfEnds({ ...site.books, wall: () => site.now, suppressions } as unknown as Desk)
      return (await site.db.selectFrom('notice').select('id').where('kind', '=', 'ends-soon').execute()).length
    },
  },
  'post-check-every': {
    values: [1, null],
    async outcome(site) {
      let now = 0
      const desk = { ...site.books, wall: () => now } as unknown as Desk
      const [asks] = postChecks.chores?.(desk) ?? []
      await asks?.act()
      now = 2 * 3_600_000
      await asks?.act()
      return (await openCheck(site.db)) !== undefined
    },
  },
  'post-check-within': {
    values: [10, 5],
    async outcome(site) {
      const routes = (desk: Desk) => postChecks.routes?.(desk) ?? []
      await site.ask('desk', routes, '/post-checks', {}, 'post')
      const open = await openCheck(site.db)
      return open && open.due_at - open.asked_at
    },
  },
  'pass-door-opens-for': { values: [5, 8], outcome: site => openedFor(site, 'door') },
  'pass-barrier-opens-for': { values: [15, 20], outcome: site => openedFor(site, 'barrier') },
  'door-reports-per-hour': {
    values: [null, 6],
    outcome: site => {
      try {
        return Promise.resolve(mayReport(site.books))
      } catch (e) {
        return Promise.resolve((e as Refusal).code)
      }
    },
  },
  'out-of-service-most': { values: [1, 48], outcome: async site => longest(site.books.rules, 'out-of-service', 3) },
  'key-customers': {
    values: ['', '示例公司'],
    outcome: async site =>
      ((await site.ask('desk', findRoutes, '/callers', { q: '示例' })) as { key: boolean }[]).map(c => c.key),
  },
}
