import type { LinkState } from '#contract/messages'
import type { AlarmKeeper } from '../control/alarmKeeper.ts'
import type { PriorityArrays } from '../control/priorityArrays.ts'
import type { ProgrammeKeeper } from '../control/programmeKeeper.ts'
import type { Writer } from '../control/writer.ts'
import type { ProcessImage } from '../domain/image.ts'
import type { EdgeMemory } from '../memory/edgeMemory.ts'
import { catalogueOf } from './catalogue.ts'
import type { JournalSender } from './journalSender.ts'
import { StandingTurn } from './standingTurn.ts'
import type { Uplink } from './uplink.ts'

const statusMs = 2000
const stateMs = 30_000
/** A journal that is further behind than this tells of what stands too late. */
const journalBehind = 20
/** Silent as they are, they may come and go with every reading. */
const suppressedMs = 5000

type Options = {
  uplink: Uplink
  image: ProcessImage
  alarms: AlarmKeeper
  arrays: PriorityArrays
  programme: ProgrammeKeeper
  writer: Writer
  sender: JournalSender
  memory: EdgeMemory
  busLinks(): [string, LinkState][]
  mono(): number
  /** Whether something still waits for the disk: nothing is told ahead of it. */
  unwritten(): boolean
  journalState(): Parameters<Uplink['status']>[0]
}

/** What goes up, and when: news at once, everything at every connect, full states in turn. */
export class Publisher {
  readonly #o: Options
  readonly #lastSent = new Map<string, number>()
  readonly #standingTurn = new StandingTurn()
  #suppressedDue = 0
  #statusDue = 0
  #stateDue: number
  #stateTurn = 0

  constructor(o: Options) {
    this.#o = o
    this.#stateDue = o.mono()
  }

  /** A device's points that are news, or only that it was heard; `forMs`: not when it was told so lately. */
  device(id: string, keys: readonly string[], forMs = 0) {
    const { image, uplink, mono } = this.#o
    const device = image.devices.get(id)
    if (!device || !uplink.up || (keys.length === 0 && mono() - (this.#lastSent.get(id) ?? 0) < forMs)) return
    this.#lastSent.set(id, mono())
    void uplink.device(device, keys)
  }

  /** Links have changed: the next tick tells them. */
  hurry() {
    this.#statusDue = 0
  }

  /**
   * Never ahead of the disk: what others have seen must still be true after a crash. But for a disk that takes nothing any
   * more: then what stands is told all the same.
   */
  news() {
    const { uplink, alarms, arrays, programme, writer, memory, mono } = this.#o
    if (!uplink.up || (this.#o.unwritten() && !memory.full)) return
    this.#standing()
    if (alarms.suppressedNews && mono() >= this.#suppressedDue) {
      alarms.suppressedNews = false
      uplink.suppressed([...alarms.suppressed.values()])
      this.#suppressedDue = mono() + suppressedMs
    }
    if (arrays.news.size === 0) return
    const wanted = new Set(programme.wantedButHeld())
    for (const ref of arrays.news) {
      const withheld = writer.isWithheld(ref) ? ('fire-input' as const) : null
      void uplink.holders(ref, { array: arrays.of(ref), wantedButHeld: wanted.has(ref), withheld })
    }
    arrays.news.clear()
  }

  #standing() {
    const { uplink, alarms, memory, sender, mono } = this.#o
    const hurries = alarms.marks || memory.full || sender.pending > journalBehind
    if (!alarms.news || !this.#standingTurn.isDue(mono(), hurries)) return
    alarms.news = false
    alarms.marks = false
    const pages = uplink.standing([...alarms.standing.values()], { journalId: memory.journalId, upTo: memory.last })
    this.#standingTurn.told(mono(), pages)
  }

  #status() {
    const { image, uplink } = this.#o
    const ofDevices = [...image.devices].map(([id, d]) => [id, d.link] as const)
    uplink.links([...ofDevices, ...this.#o.busLinks()])
    return uplink.status(this.#o.journalState())
  }

  /** After every connect. What stands now comes before any history (design §3). */
  async everything() {
    const { uplink, alarms, arrays, image } = this.#o
    await this.#status()
    alarms.news = true
    alarms.marks = true
    this.#standingTurn.anew()
    alarms.suppressedNews = true
    this.#suppressedDue = 0
    // Empty arrays too: the broker may remember holders that ended while the link was down.
    for (const ref of arrays.all.keys()) arrays.news.add(ref)
    this.news()
    this.#o.sender.onUp()
    void uplink.programmeReport(this.#o.programme.report)
    for (const d of image.devices.values()) {
      void uplink.catalogue(catalogueOf(d.id, d.profile))
      await uplink.device(d)
    }
  }

  /** On every tick. The full states go round in turn, a few each tick, rather than all at once every 30 s. */
  step(now: number) {
    const { uplink, image } = this.#o
    this.news()
    if (now >= this.#statusDue) {
      this.#statusDue = now + statusMs
      if (uplink.up) void this.#status()
    }
    const round = [...image.devices.values()]
    for (; this.#stateDue <= now; this.#stateDue += stateMs / Math.max(1, round.length)) {
      const device = round[this.#stateTurn++ % round.length]
      if (uplink.up && device) void uplink.device(device)
    }
  }
}
