import { addPerson, changePerson, staffIn } from '../auth/staff.ts'
import { daysIn, setDays } from '../site/calendarDays.ts'
import { daySheet } from './daySheet.ts'
import type { OpenSheet } from './sheet.ts'
import { staffSheet } from './staffSheet.ts'
import { saveTenants, tenantFilesIn } from './tenantFiles.ts'
import { tenantSheet } from './tenantSheet.ts'

/** The site's own lists as tables. */

export const openStaff: OpenSheet = async (db, language) => {
  const staff = await staffIn(db, Date.now())
  const sheet = staffSheet(staff, language)
  return {
    ...sheet,
    // Who is signed in is nothing that a table changes.
    state: JSON.stringify([sheet.lines, staff.posts]),
    async store(work, changes, made) {
      for (const { id, name, body } of sheet.people(changes)) {
        if (id !== null) await changePerson(work, id, body)
        else await addPerson(work, { name, ...body }, made.find(m => m.name === name)?.hashed ?? '')
      }
    },
  }
}

export const openTenants: OpenSheet = async (db, language, { directory }) => {
  const stored = await tenantFilesIn(db)
  const sheet = tenantSheet(directory, stored, language)
  return {
    ...sheet,
    state: JSON.stringify(stored),
    store: (work, changes) => saveTenants(work, directory, sheet.files(changes), new Map(stored.map(f => [f.id, f]))),
  }
}

export const openDays: OpenSheet = async (db, language) => {
  const stored = await daysIn(db)
  const sheet = daySheet(stored, language)
  return { ...sheet, state: JSON.stringify(stored), store: (work, changes) => setDays(work, sheet.days(changes)) }
}
