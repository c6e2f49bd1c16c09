import type { Route } from '#program/httpApi'
import { hashedPassword, newPassword } from '../auth/accounts.ts'
import { setVouched } from '../auth/identities.ts'
import { letMachineIn, machinesIn, takeMachineBack } from '../auth/machines.ts'
import {
  addPerson,
  bothHere,
  changePerson,
  letGo,
  renewPassword,
  sessionsOf,
  setPost,
  signOutEverywhere,
  staffIn,
  takeBack,
  workOf,
} from '../auth/staff.ts'
import type { Work } from '../books/unitOfWork.ts'
import { type Asker, type Desk, deskRoute } from '../desk/desk.ts'
import { handOn } from '../engine/cases/handOn.ts'

/** People and posts. Whatever is changed may end somebody's rights: who has a screen open is looked at anew at once. */
export const staffRoutes = (desk: Desk): Route<Asker>[] => {
  const db = desk.books.read
  const separate = desk.directory.site.separatePowers
  const change = async (who: Asker, act: (work: Work) => Promise<unknown>) => {
    await desk.unit(who.actor, act)
    await desk.rightsChanged()
    return staffIn(db, Date.now())
  }
  /** The password is told to whoever asked for it, once, and stored as a hash only. */
  const withPassword = async (who: Asker, act: (work: Work, hashed: string) => Promise<string>) => {
    const password = newPassword()
    const hashed = await hashedPassword(password)
    let id = ''
    const staff = await change(who, async work => {
      id = await act(work, hashed)
    })
    return { staff, id, password }
  }
  return [
    deskRoute('GET /staff', () => staffIn(db, Date.now())),
    deskRoute('POST /staff', ({ body, who }) => withPassword(who, (work, hashed) => addPerson(work, body, hashed))),
    deskRoute('PUT /staff/:id', ({ params, body, who }) => change(who, work => changePerson(work, params.id, body))),
    deskRoute('GET /staff/:id/work', ({ params, who }) => workOf(db, params.id, desk.engine.keptFrom(db, who.user))),
    deskRoute('POST /staff/:id/hand-on', async ({ params, body, who }) => {
      await desk.unit(who.actor, async work => {
        const { giver, taker } = await bothHere(work, params.id, body.to)
        await handOn(desk.engine, work, giver, taker)
      })
      return workOf(db, params.id, desk.engine.keptFrom(db, who.user))
    }),
    deskRoute('GET /staff/:id/sessions', ({ params }) => sessionsOf(db, params.id, Date.now())),
    deskRoute('POST /staff/:id/sign-out', ({ params, who }) => change(who, work => signOutEverywhere(work, params.id))),
    deskRoute('POST /staff/:id/password', ({ params, who }) =>
      withPassword(who, async (work, hashed) => {
        await renewPassword(work, params.id, hashed)
        return params.id
      }),
    ),
    deskRoute('POST /staff/:id/leave', ({ params, who }) => change(who, work => letGo(work, params.id))),
    deskRoute('PUT /staff/:id/provider', ({ params, body, who }) => change(who, work => setVouched(work, params.id, body.on))),
    deskRoute('POST /staff/:id/return', ({ params, who }) =>
      withPassword(who, async (work, hashed) => {
        await takeBack(work, params.id, hashed)
        return params.id
      }),
    ),
    deskRoute('GET /machines', () => machinesIn(db)),
    deskRoute('POST /machines', async ({ body, who }) => {
      const token = await desk.unit(who.actor, work => letMachineIn(work, body, Date.now()))
      return { machines: await machinesIn(db), token }
    }),
    deskRoute('DELETE /machines/:id', async ({ params, who }) => {
      await desk.unit(who.actor, work => takeMachineBack(work, params.id, Date.now()))
      return machinesIn(db)
    }),
    deskRoute('POST /posts', ({ body, who }) => change(who, work => setPost(work, null, body, separate))),
    deskRoute('PUT /posts/:id', ({ params, body, who }) => change(who, work => setPost(work, params.id, body, separate))),
  ]
}
