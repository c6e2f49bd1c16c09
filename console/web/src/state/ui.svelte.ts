import { getContext, setContext } from 'svelte'
import { type Department, departments } from '#api/departments'
import type { CaseHead, FieldView, ProcedureView } from '#api/models/cases'
import type { Notice } from '#api/models/duties'
import type { HoldersView } from '#api/models/live'
import type { Person, User } from '#api/models/people'
import type { DeviceCatalogue, SiteView } from '#api/models/site'
import { mayDo, type Right } from '#api/rights'
import type { PointRef, Words } from '#contract/names'
import type { PointRole } from '#contract/pointRoles'
import type { PointValue } from '#contract/quality'
import { wordOf } from '../cases/formValues.ts'
import type { PageName, Screen } from '../kit/screen.ts'
import type { BookingDraft, OwnScreens } from '../kit/subjectScreens.ts'
import { Annunciator } from '../live/annunciator.svelte.ts'
import { ask, Refused } from '../live/api.ts'
import { Live } from '../live/live.svelte.ts'
import { Format } from './format.ts'
import { Preferences } from './preferences.svelte.ts'
import { Router } from './router.svelte.ts'

/** How long a page that could not be loaded waits before it asks again. */
const askAgainMs = 2000

/** Everything the pages share, made once in main.ts and handed down by context. */
export class Ui {
  /** Every page that is not the list of a procedure, by the first part of its path. */
  readonly screens: Readonly<Record<string, Screen>>
  /** What the subjects show where the generic screens do not do. */
  readonly own: OwnScreens
  readonly preferences = new Preferences()
  readonly router = new Router<PageName>()
  readonly sound = new Annunciator()
  live = $state.raw(new Live())
  user = $state<User | null>(null)
  site = $state.raw<SiteView | null>(null)
  /** The procedures in force. */
  procedures = $state.raw<ProcedureView[]>([])
  /** Those of before as well, under which cases may still be open. */
  #versions: readonly ProcedureView[] = []
  tenants = $state.raw<ReadonlyMap<string, { id: string; name: string; short: string; contact: string; phone: string }>>(
    new Map(),
  )
  /** Who works here, for the fields that ask for somebody. */
  people = $state.raw<Person[]>([])
  /** Whether somebody is signed in has been answered. */
  known = $state(false)
  /** It has been asked, without an answer. */
  unreached = $state(false)
  /** What an emergency calls this person to, until he has seen it. */
  calls = $state.raw<Notice[]>([])
  /** A booking that another page began: taken up by the overtime page. */
  bookingDraft: BookingDraft | null = null
  /** A case that another one led to: taken up by the list of its procedure. */
  caseDraft: { procedure: string; from: string; prefill: Record<string, string> } | null = null
  #format = new Format('UTC')
  #roles: ReadonlyMap<string, Partial<Record<PointRole, string>>> = new Map()
  readonly #catalogues = new Map<string, DeviceCatalogue>()

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
  word = (w: { zh: string; en: string }): string => this.preferences.word(w)

  /** The page that somebody starts from: those who watch see the building, everybody else what the day asks of them. */
  get home(): PageName {
    return this.user?.roles.every(r => r === 'operator' || r === 'guard') ? 'overview' : 'today'
  }

  /** Where we are: a screen or a procedure by name; the first page of this person at the root, and where he may not be. */
  get page(): string {
    const asked = this.router.first ?? this.home
    return asked === 'demo' && !this.mayRunDemo ? this.home : asked
  }

  /** A page of its own, which a building that is no demo does not have. */
  get mayRunDemo(): boolean {
    return this.site?.demo === true && this.may('run-demo')
  }

  get mayBook(): boolean {
    return this.user?.roles.some(r => r === 'front-desk' || r === 'supervisor') ?? false
  }

  may(right: Right): boolean {
    return this.user !== null && mayDo(this.user.roles, right)
  }

  /** The sentence for a refusal. */
  sentence(error: unknown): string {
    if (!(error instanceof Refused)) return this.t.errors.internal
    const own = error.detail?.['say'] as Words | undefined
    if (own) return this.word(own)
    const text = this.t.errors[error.code] ?? this.t.refusal[error.code] ?? error.code
    const wait = error.detail?.['retryAfterS']
    const missing = (error.detail?.['missing'] as { zh: string; en: string }[] | undefined)
      ?.map(this.word)
      .join(this.t.marks.list)
    const which = missing ?? error.detail?.['number'] ?? error.detail?.['date']
    return `${text}${wait ? ` (${wait} s)` : ''}${which ? ` (${which})` : ''}`
  }

  async resume() {
    while (!this.known)
      try {
        await this.#enter(await ask('GET /me'))
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
    await this.#enter(await ask('POST /sign-in', { body: { name, password } }))
  }

  async signOut() {
    await ask('POST /sign-out').catch(() => {})
    this.leave()
  }

  /** Back to the sign-in page; nothing of the former person stays on the screen. */
  leave() {
    this.live.stop()
    this.live = new Live()
    this.calls = []
    this.user = null
  }

  /** The points of a device with names and texts; loaded once, asked for again while its agent has not told them yet. */
  async catalogue(device: string): Promise<DeviceCatalogue> {
    const known = this.#catalogues.get(device)
    if (known) return known
    const found = await ask('GET /devices/:device/catalogue', { params: { device } })
    this.#catalogues.set(device, found)
    return found
  }

  async #enter(user: User) {
    const [site, procedures, people] = await Promise.all([ask('GET /site'), ask('GET /procedures'), ask('GET /people')])
    const tenants = mayDo(user.roles, 'see-overtime') ? await ask('GET /tenants') : []
    this.site = site
    this.#roles = new Map(site.devices.map(d => [d.id, d.roles]))
    this.#versions = procedures
    this.procedures = procedures.filter(p => p.inForce)
    this.people = people
    this.tenants = new Map(tenants.map(t => [t.id, t]))
    this.#format = new Format(site.timeZone)
    this.user = user
    this.live.onSignedOut = () => this.leave()
    this.live.onRefused = () => {
      ask('GET /me').catch(e => {
        if (e instanceof Refused && e.status === 401) this.leave()
      })
    }
    this.live.start()
  }

  /** The point by which a device does or tells something; undefined where it has none. */
  pointOf(device: string | undefined, role: PointRole): PointRef | undefined {
    const key = device === undefined ? undefined : this.#roles.get(device)?.[role]
    return key === undefined ? undefined : `${device}/${key}`
  }

  /** What it is now. */
  valueOf(device: string | undefined, role: PointRole): PointValue | undefined {
    const ref = this.pointOf(device, role)
    return ref === undefined ? undefined : this.live.value(ref)
  }

  holdersOf(device: string | undefined, role: PointRole): HoldersView | undefined {
    const ref = this.pointOf(device, role)
    return ref === undefined ? undefined : this.live.holders.get(ref)
  }

  placeName(place: string | null): string {
    const s = this.site
    if (!s) return ''
    if (place === null) return this.t.alarms.site
    const found = [...s.compartments, ...s.zones, ...s.floors, ...s.devices].find(x => x.id === place)
    return found ? this.word(found.name) : place
  }

  /** Where an alarm is: its place, else its device, else the whole site. */
  alarmPlace(a: { place: string | null; device: string | null }): string {
    return a.place === null && a.device !== null ? this.deviceName(a.device) : this.placeName(a.place)
  }

  /** Where an alarm's case is. */
  ticketPath(a: { ticket: string | null }): string {
    return a.ticket === null ? this.router.to('alarms') : this.casePath(a.ticket)
  }

  /** Where a case is shown, whatever it is; one that is not open leads on from its id. */
  casePath(id: string): string {
    const open = this.live.cases.get(id)
    return open ? this.router.toCase(open.procedure, id) : this.router.to('case', id)
  }

  /** The open cases that come before everything else. */
  get firstCases(): CaseHead[] {
    return [...this.live.cases.values()].filter(c => this.procedureOf(c)?.first)
  }

  /** Where bookings of zones are made and shown, of one where its id is given. */
  bookingPath(id?: string): string {
    const books = this.procedures.find(p => p.booksZones)
    return books ? this.router.toCase(books.id, id) : this.router.to('overview')
  }

  /** Goes to where bookings are made, with what is known of one. */
  book(draft: BookingDraft) {
    this.bookingDraft = draft
    this.router.go(this.bookingPath())
  }

  /** Where a rule comes from, for a tooltip: nobody needs it at work (design: no paragraph numbers on screens). */
  sourceText(source: string | null | undefined): string | undefined {
    return source ? `${this.t.rules.source}${this.t.marks.says}${source}` : undefined
  }

  /** Who did something: a person by name, the console itself in words. */
  byName(by: string): string {
    return by === 'system' ? this.t.desk.alarmContact : by
  }

  /** The definition that a case runs under; the one in force where its version is not known. */
  procedureOf(c: { procedure: string; version?: number }): ProcedureView | undefined {
    return (
      this.#versions.find(p => p.id === c.procedure && p.version === c.version) ?? this.procedures.find(p => p.id === c.procedure)
    )
  }

  stateName(c: { procedure: string; version?: number; state: string }): string {
    const state = this.procedureOf(c)?.states[c.state]
    return state ? this.word(state.name) : c.state
  }

  /** The main step of the state that a case is in, as its definition says. */
  nextStep(c: { procedure: string; version?: number; state: string }): string {
    const procedure = this.procedureOf(c)
    const main = procedure?.verbs[procedure.states[c.state]?.main ?? '']
    return main ? this.word(main.label) : ''
  }

  /** A field's value in words. */
  wordOf(field: FieldView, value: unknown): string {
    return wordOf(field, value, this.f, {
      word: this.word,
      place: id => this.placeName(id),
      yes: '✓',
      typed: this.t.marks.aside(this.t.cases.typedByDesk),
    })
  }

  /** What a case is about, as its definition says. */
  about(c: { procedure: string; version?: number; form: Record<string, unknown> }): string {
    const procedure = this.procedureOf(c)
    const field = procedure?.fields.find(f => f.key === procedure.about)
    return field ? this.wordOf(field, c.form[field.key]) : ''
  }

  departmentName(id: string | null): string {
    const known = departments[id as Department]
    return known ? this.word(known) : ''
  }

  /** Department and person that have a case in hand. */
  handsText(c: { handler: string | null; department: string | null }): string {
    return [this.departmentName(c.department), c.handler].filter(Boolean).join(' · ')
  }

  /** Somebody in whose hands a case is, or else the department. */
  handsName(c: { handler: string | null; department: string | null }): string {
    return c.handler ?? this.departmentName(c.department)
  }

  tenantName(id: string | null): string {
    return id === null ? '' : (this.tenants.get(id)?.short ?? id)
  }

  addressOf(d: SiteView['devices'][number]): string {
    return d.unit === null ? (d.prefix ?? '') : this.t.devices.unit(d.unit)
  }

  deviceName(id: string): string {
    return this.word(this.deviceWords(id))
  }

  /** A device's name; one that the site has no longer is still called what it was. */
  deviceWords(id: string): Words {
    return this.site?.devices.find(d => d.id === id)?.name ?? { zh: id, en: id }
  }

  /** Technical names are for those who work with them. */
  get isEngineer(): boolean {
    return this.user?.roles.some(r => r === 'engineer' || r === 'administrator') ?? false
  }
}

const key = Symbol('ui')
export const provideUi = (ui: Ui) => setContext(key, ui)
export const useUi = (): Ui => getContext<Ui>(key)
