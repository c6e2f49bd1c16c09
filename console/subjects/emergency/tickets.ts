import type { CaseHead } from '#api/models/cases'
import { say, type Text, textIn, together } from '#api/words/text'
import type { JournalOf } from '#contract/journal'
import { isSimulatedDevice, type Plan } from '#contract/site'
import type { Fact } from '../../server/agents/alarms/fact.ts'
import { tell } from '../../server/books/notices.ts'
import type { Work } from '../../server/books/unitOfWork.ts'
import type { Desk as WholeDesk } from '../../server/desk/desk.ts'
import type { CaseEngine } from '../../server/engine/cases/caseEngine.ts'
import { headOf } from '../../server/engine/cases/caseRows.ts'
import { caseOf } from '../../server/engine/cases/casesIn.ts'
import type { Directory } from '../../server/site/directory.ts'
import { beginCall } from './callOuts.ts'
import { emergency } from './definition.ts'
import { goOnAs } from './merging.ts'
import { raiseReported } from './reportedAlarms.ts'
import { isSimulatedFire } from './shadow.ts'
import { postsOf, TicketSteps } from './steps.ts'
import { type TellAround, tellAround, tellOfTicket, toldBy } from './telling.ts'

/** What tickets stand on. `realTime` brings a demo's clock back to real time and says from when on that holds. */
type Desk = Pick<WholeDesk, 'engine' | 'directory' | 'present' | 'realTime'>
type Drill = 'shadow' | 'simulators'
type Raised = Pick<Fact, 'level' | 'device'> & { kind: string }
type CompartmentPhase = JournalOf<'compartment'>['phase']

/**
 * Alarms of level 1 and 2 open emergency tickets, one open ticket per kind and place: every further device and every
 * repeat is appended (design §5). Return to normal asks for "verify and close", it never closes.
 */
export class Emergencies {
  readonly #engine: CaseEngine
  readonly #directory: Directory
  readonly #around: TellAround
  readonly #realTime: (at: number) => number
  readonly steps: TicketSteps

  constructor(desk: Desk) {
    const { engine, directory, realTime } = desk
    this.#engine = engine
    this.#directory = directory
    this.#around = tellAround(desk)
    this.#realTime = realTime
    this.steps = new TicketSteps(engine, this.#around, realTime)
  }

  /** Links a new alarm to its ticket, opening one when there is none. Returns the ticket's id. */
  async onRaised(work: Work, alarm: Fact): Promise<string | null> {
    if (alarm.level > 2) return null
    const place = this.#directory.compartmentOf(alarm.place)?.id ?? alarm.place
    // A linkage that fails is part of the fire that called for it.
    const kind = alarm.kind === 'linkage' ? 'fire' : alarm.kind
    const head = (await this.#ticketOf(work, { ...alarm, kind }, place)) ?? (await this.#openNew(work, { ...alarm, kind }, place))
    await this.#engine.remark(work, head.id, 'alarm', '', { name: alarm.name, at: alarm.raisedAt, alarm: alarm.id })
    if (head.state === 'verify') await this.#engine.actOn(work, head, 'again', {}, 'system')
    return head.id
  }

  /** R62 (2c 1.6): what somebody sees or is told, without any alarm; a ticket of the same kind and place takes it up. */
  async onReported(work: Work, report: { kind: string; place: string | null; what: string; drill?: Drill }): Promise<string> {
    const place = this.#directory.compartmentOf(report.place)?.id ?? report.place
    const plan = this.#directory.site.plans.find(p => p.kind === report.kind)
    // Two matters of no kind and no place have nothing in common.
    const nothing = report.kind === 'other' && place === null
    // That it is one stands in its title, and so in every message and list.
    const what = report.drill ? together(say.desk.drillMark, report.what) : report.what
    const level = plan?.level ?? 2
    const like = { kind: report.kind, level, ...(report.drill ? { drill: report.drill } : {}) }
    const same = nothing ? undefined : await this.#openTicket(work, like, place)
    const head = same ?? (await this.#openNew(work, { kind: report.kind, level, name: what, drill: report.drill }, place))
    await this.#engine.remark(work, head.id, 'note', textIn('zh', what))
    if (work.actor.locked) await this.steps.askWho(work, head.id)
    if (head.state === 'verify') await this.#engine.actOn(work, head, 'again', {}, 'system')
    const name = together(say.desk.reported, say.marks.says, what)
    await raiseReported(work, { ticket: head.id, level, name, place })
    const text = together(head.number, ' ', name)
    await tell(work, { to: ['supervisor', 'manager'], record: head.id, kind: 'major', text })
    return head.id
  }

  /** An alarm of a case has returned: when it was the last one of a ticket, that asks for "verify and close". */
  async onReturned(work: Work, ticket: string) {
    const left = await work.tx
      .selectFrom('alarm')
      .select('id')
      .where('ticket', '=', ticket)
      .where('returned_at', 'is', null)
      .executeTakeFirst()
    const head = await this.#engine.head(work.tx, ticket)
    if (!left && head.procedure === emergency.id && head.state === 'active')
      await this.#engine.act(work, ticket, 'returned', {}, 'system')
  }

  /** What the agent did about a compartment, onto the ticket of its fire; what a person has started has one, alarm or no alarm. */
  async onCompartment(work: Work, compartment: string, verb: CompartmentPhase, detail: Record<string, unknown>) {
    const ticket = verb === 'by-hand' ? await this.#startedByHand(work, compartment) : await this.#fireTicket(work, compartment)
    if (ticket) await this.#engine.remark(work, ticket.id, verb, '', detail)
  }

  /** Whoever starts the actions has seen something: that is never a drill. */
  async #startedByHand(work: Work, compartment: string): Promise<CaseHead> {
    const level = this.#directory.site.plans.find(p => p.kind === 'fire')?.level ?? 1
    const real = await this.#openTicket(work, { kind: 'fire', level: 2 }, compartment)
    return real ?? this.#openNew(work, { kind: 'fire', level, name: say.desk.startedByHand }, compartment)
  }

  async touchTicketOf(work: Work, compartment: string) {
    const ticket = await this.#fireTicket(work, compartment)
    if (!ticket) return
    await work.tx.updateTable('case_file').set({ changed_at: work.at }).where('id', '=', ticket.id).execute()
    work.touched.cases.add(ticket.id)
  }

  /** The open ticket that takes an alarm up: a real one, or the drill against the simulators where only they can have raised it. */
  async #ticketOf(work: Work, { kind, level, device }: Raised, place: string | null): Promise<CaseHead | undefined> {
    const real = await this.#openTicket(work, { kind, level }, place)
    if (real || !this.#isSimulated(place, device)) return real
    return this.#openTicket(work, { kind, level, drill: 'simulators' }, place)
  }

  #fireTicket(work: Work, compartment: string): Promise<CaseHead | undefined> {
    return this.#ticketOf(work, { kind: 'fire', level: 2, device: null }, compartment)
  }

  /** Whether the simulators stand in for the device and for all that a fire there would move: then nothing real is behind it. */
  #isSimulated(place: string | null, device: string | null): boolean {
    const { site } = this.#directory
    const own = site.devices.find(d => d.id === device)
    return isSimulatedFire(site, place) && (own === undefined || isSimulatedDevice(site, own))
  }

  /** One that is less grave than what is raised does not take it up: its plan and its posts would be the wrong ones. */
  async #openTicket(
    work: Work,
    like: { kind: string; level: number; drill?: Drill },
    place: string | null,
  ): Promise<CaseHead | undefined> {
    const rows = await work.tx
      .selectFrom('case_file')
      .selectAll()
      .where('procedure', '=', emergency.id)
      .where('ended_at', 'is', null)
      .where('place', place === null ? 'is' : '=', place)
      .execute()
    const fits = (head: CaseHead) => {
      const { form } = caseOf(emergency, head)
      return form.kind === like.kind && form.drill === like.drill && form.level <= like.level
    }
    const levelOf = (head: CaseHead) => caseOf(emergency, head).form.level
    const [gravest] = rows
      .map(headOf)
      .filter(fits)
      .toSorted((x, y) => levelOf(x) - levelOf(y))
    if (gravest) return gravest
    // What was merged goes on elsewhere, and so does what is raised there again.
    return (await goOnAs(work.tx, place)).find(fits)
  }

  async #openNew(
    work: Work,
    alarm: Pick<Fact, 'name'> & { kind: string; level: number; drill?: Drill | undefined },
    place: string | null,
  ): Promise<CaseHead> {
    const plan = this.#directory.site.plans.find(p => p.kind === alarm.kind)
    const begins = this.#realTime(work.at)
    const head = await this.#engine.open(
      work,
      emergency.id,
      {
        form: { kind: alarm.kind, level: alarm.level, title: alarm.name, ...(alarm.drill ? { drill: alarm.drill } : {}) },
        place,
        urgent: true,
      },
      'system',
    )
    if (plan) await this.steps.addAll(work, head.id, plan, begins)
    await this.#tellOpened(work, head, alarm, plan)
    await beginCall(work, head.id, alarm.level, this.#directory.site.calls)
    return head
  }

  /** Whom the plan gives something to do is told that it is needed, and whoever leads the shift. */
  async #tellOpened(work: Work, head: CaseHead, alarm: { level: number; name: Text }, plan: Plan | undefined) {
    const place = this.#directory.placeName(head.place)
    const text = toldBy(head, say.desk.called(head.number, alarm.level, alarm.name, place))
    const posts = (plan?.steps ?? []).flatMap(s => postsOf(s.owner, s.posts ?? []))
    const said = await tellOfTicket(work, this.#around, head, { step: null, kind: 'emergency', text, posts })
    await this.#engine.remark(work, head.id, 'told', '', said)
  }
}
