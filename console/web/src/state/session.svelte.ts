import type { User } from '#api/models/people'
import { mayDo, type Right } from '#api/rights'
import { ask, Refused } from '../live/api.ts'

/** How long a page that could not be loaded waits before it asks again. */
const askAgainMs = 2000

/** Who is signed in at this screen, and what he may. */
export class Session {
  user = $state<User | null>(null)
  /** Whether somebody is signed in has been answered. */
  known = $state(false)
  /** It has been asked, without an answer. */
  unreached = $state(false)
  /** With which somebody has just signed in who must change it at once; empty otherwise. */
  typed = ''
  readonly #enter: (user: User) => Promise<void>
  readonly #left: () => void

  /** `enter` fetches what the screens of this person need, before he is shown as signed in; `left` forgets it. */
  constructor(enter: (user: User) => Promise<void>, left: () => void) {
    this.#enter = enter
    this.#left = left
  }

  may(right: Right): boolean {
    return this.user !== null && mayDo(this.user.roles, right)
  }

  get mayBook(): boolean {
    return this.user?.roles.some(r => r === 'front-desk' || r === 'supervisor') ?? false
  }

  /** Technical names are for those who work with them. */
  get isEngineer(): boolean {
    return this.user?.roles.some(r => r === 'engineer' || r === 'administrator') ?? false
  }

  async resume() {
    while (!this.known)
      try {
        await this.#begin(await ask('GET /me'))
        this.known = true
      } catch (e) {
        // Only the server knows that nobody is signed in; no answer is no such answer.
        if (e instanceof Refused && e.status === 401) this.known = true
        else {
          this.unreached = true
          await new Promise(done => setTimeout(done, askAgainMs))
        }
      }
  }

  async signIn(name: string, password: string) {
    const user = await ask('POST /sign-in', { body: { name, password } })
    this.typed = user.passwordDue ? password : ''
    await this.#begin(user)
  }

  async changePassword(old: string, chosen: string) {
    const user = await ask('POST /password', { body: { old, chosen } })
    this.typed = ''
    if (this.user?.passwordDue) await this.#begin(user)
    else this.user = user
  }

  /** By its own key, or with the menu: from now on nothing is done here without PIN or password. */
  async lock() {
    await ask('POST /lock')
    this.toldLocked(true)
  }

  async unlock(secret: string) {
    await this.#begin(await ask('POST /unlock', { body: { secret } }))
  }

  async choosePin(password: string, pin: string) {
    await ask('POST /pin', { body: { password, pin } })
  }

  /** The server says so: also when it was done at another window, or the session has come to its limit. */
  toldLocked(locked: boolean) {
    if (!this.user || this.user.locked === locked) return
    if (locked) this.user = { ...this.user, locked }
    else void this.#begin({ ...this.user, locked }).catch(() => {})
  }

  async signOut() {
    await ask('POST /sign-out').catch(() => {})
    this.leave()
  }

  /** The live line was refused: back to the sign-in page if nobody is signed in any more. */
  verify() {
    ask('GET /me').catch(e => {
      if (e instanceof Refused && e.status === 401) this.leave()
    })
  }

  /** Back to the sign-in page; nothing of the former person stays on the screen. */
  leave() {
    this.#left()
    this.typed = ''
    this.user = null
  }

  async #begin(user: User) {
    if (!user.passwordDue) await this.#enter(user)
    this.user = user
  }
}
