import { getContext, setContext } from 'svelte'
import type { User } from '#api/models/people'
import { mayDo } from '#api/rights'
import type { Text } from '#api/words/text'
import type { PageName, Screen, Viewer } from '../kit/screen.ts'
import type { OwnScreens } from '../kit/subjectScreens.ts'
import { Annunciator } from '../live/annunciator.svelte.ts'
import { ask, Refused } from '../live/api.ts'
import { Live } from '../live/live.svelte.ts'
import { WaitingFiles } from '../live/waitingFiles.svelte.ts'
import { Building } from './building.svelte.ts'
import { Desk } from './desk.svelte.ts'
import { Format } from './format.ts'
import { Preferences } from './preferences.svelte.ts'
import { Proof } from './proof.svelte.ts'
import { Router } from './router.svelte.ts'
import { Session } from './session.svelte.ts'

const againMs = 2000

/** The parts that the pages share, put together once and handed down by context. Each thinks for itself; this wires them. */
export class Ui {
  /** Every page that is not the list of a procedure, by the first part of its path. */
  readonly screens: Readonly<Record<string, Screen>>
  /** What the subjects show where the generic screens do not do. */
  readonly own: OwnScreens
  readonly preferences = new Preferences()
  readonly router = new Router<PageName>()
  readonly sound = new Annunciator()
  readonly waiting = new WaitingFiles()
  readonly building = new Building(this)
  readonly desk = new Desk(this)
  readonly proof = new Proof(secret => this.session.unlock(secret))
  readonly session: Session = new Session(
    user => this.#enter(user),
    () => this.#forget(),
  )
  live = $state.raw(new Live())
  #format = new Format('UTC')

  constructor(screens: Readonly<Record<string, Screen>>, own: OwnScreens) {
    this.screens = { ...screens, ...own.pages }
    this.own = own
  }

  get t() {
    return this.preferences.t
  }
  get f() {
    return this.#format
  }
  word = (said: Text): string => this.preferences.word(said)

  /** The page that somebody starts from: those who watch see the building, everybody else what the day asks of them. */
  get home(): PageName {
    const roles = this.session.user?.roles ?? []
    if (roles.includes('administrator')) return 'moving-in'
    if (roles.includes('security')) return 'staff'
    if (roles.includes('auditor')) return 'audit'
    return roles.every(r => r === 'operator' || r === 'guard') ? 'overview' : 'today'
  }

  /** Where we are: a screen or a procedure by name; the first page of this person at the root, and where he may not be. */
  get page(): string {
    const asked = this.router.first ?? this.home
    return asked === 'demo' && !this.mayRunDemo ? this.home : asked
  }

  /** A page of its own, which a building that is no demo does not have. */
  get mayRunDemo(): boolean {
    return this.building.site?.demo === true && this.session.may('run-demo')
  }

  get viewer(): Viewer {
    return { may: right => this.session.may(right), mayRunDemo: this.mayRunDemo }
  }

  /** The sentence for a refusal. */
  sentence(error: unknown): string {
    if (!(error instanceof Refused)) return this.t.errors.internal
    const own = error.detail?.['say'] as Text | undefined
    if (own) return this.word(own)
    const text = this.t.errors[error.code] ?? this.t.refusal[error.code] ?? error.code
    const wait = error.detail?.['retryAfterS']
    const named = (error.detail?.['missing'] ?? error.detail?.['which']) as Text[] | undefined
    const which = named?.map(this.word).join(this.t.marks.list) ?? error.detail?.['number'] ?? error.detail?.['date']
    return `${text}${wait ? ` (${wait} s)` : ''}${which ? ` (${which})` : ''}`
  }

  /** Where a rule comes from, for a tooltip: nobody needs it at work (design: no paragraph numbers on screens). */
  sourceText(source: string | null | undefined): string | undefined {
    return source ? `${this.t.rules.source}${this.t.marks.says}${source}` : undefined
  }

  async #enter(user: User) {
    const [procedures, site] = await Promise.all([user.locked ? null : ask('GET /procedures'), this.#learnSite(user)])
    if (procedures) this.desk.learn(procedures)
    this.#format = new Format(site.timeZone)
    if (this.live.started) return
    void this.waiting.load(user.id).then(() => this.waiting.send())
    this.live.onLive = () => void this.waiting.send()
    this.live.onLocked = locked => this.session.toldLocked(locked)
    this.live.onSignedOut = () => this.session.leave()
    this.live.onRefused = () => this.session.verify()
    // What is out of reach now is learned with the next change, or at the next sign-in.
    this.live.onSiteChanged = () => this.#learnAgain(user)
    this.live.start()
  }

  /** Asked again until it is answered: a console that has just started for another site file may be slow. */
  #learnAgain(user: User) {
    clearTimeout(this.#learning)
    this.#learnSite(this.session.user ?? user).catch(() => {
      if (this.session.user) this.#learning = setTimeout(() => this.#learnAgain(user), againMs)
    })
  }
  #learning: ReturnType<typeof setTimeout> | undefined

  /** Who rents what and works here may change while somebody looks. */
  async #learnSite(user: User) {
    // What people have written is not for a station that is locked.
    const tenants = mayDo(user.roles, 'see-overtime') && !user.locked ? ask('GET /tenants') : []
    const [site, people, here] = await Promise.all([ask('GET /site'), user.locked ? [] : ask('GET /people'), tenants])
    this.building.learn(site, here)
    this.live.siteFrom = site.server
    this.desk.people = people
    return site
  }

  #forget() {
    this.live.stop()
    this.live = new Live()
    this.waiting.forget()
    this.desk.calls = []
  }
}

const key = Symbol('ui')
export const provideUi = (ui: Ui) => setContext(key, ui)
export const useUi = (): Ui => getContext<Ui>(key)
