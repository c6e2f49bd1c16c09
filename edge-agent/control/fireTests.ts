import type { Refusal } from '#contract/journal'
import type { Words } from '#contract/names'
import { type Cause, longestTestMs } from '#contract/priority'
import type { Site } from '#contract/site'
import type { Effect } from '../memory/edgeMemory.ts'
import type { DirectAlarm } from './alarmKeeper.ts'

/** Whose test it is, and until when; `withheld` once the rule has been met during it. */
export type FireTest = { by: Cause; until: number; withheld: boolean }

type Options = { site: Site; setAlarm(alarm: DirectAlarm, active: boolean): Effect[] }

const keyOf = (compartment: string) => `test/${compartment}`

/**
 * Compartments under test: their actions are withheld, loudly. A standing alarm says so on every screen for as long as it
 * lasts; it ends by itself.
 */
export class FireTests {
  readonly #o: Options
  readonly #tests: Map<string, FireTest>

  constructor(o: Options, kept: ReadonlyMap<string, unknown>) {
    this.#o = o
    this.#tests = new Map([...kept].map(([id, body]) => [id, body as FireTest]))
  }

  of(compartment: string): FireTest | undefined {
    return this.#tests.get(compartment)
  }

  get keys(): string[] {
    return [...this.#tests.keys()].map(keyOf)
  }

  over(wall: number): [string, FireTest][] {
    return [...this.#tests].filter(([, t]) => t.until <= wall)
  }

  begin(id: string, by: Cause, until: number, wall: number): Refusal | Effect[] {
    if (until <= wall) return 'end-in-the-past'
    if (until > wall + longestTestMs) return 'hold-too-long'
    const test = { by, until, withheld: false }
    // Begun anew by somebody else: his name and end stand there from now on.
    const before = this.#tests.has(id) ? this.#alarm(id, by, until, false) : []
    this.#tests.set(id, test)
    return [...before, { keep: 'test', key: id, body: test }, ...this.#alarm(id, by, until, true)]
  }

  end(id: string): Effect[] {
    const test = this.#tests.get(id)
    if (!test) return []
    this.#tests.delete(id)
    return [{ forget: 'test', key: id }, ...this.#alarm(id, test.by, test.until, false)]
  }

  /** The rule is met: no effects when that was told already. */
  withhold(id: string): Effect[] {
    return this.#setWithheld(id, true)
  }

  /** The rule is no longer met: when it is the next time, that is another one. */
  calm(id: string): Effect[] {
    return this.#setWithheld(id, false)
  }

  #setWithheld(id: string, withheld: boolean): Effect[] {
    const test = this.#tests.get(id)
    if (!test || test.withheld === withheld) return []
    const changed = { ...test, withheld }
    this.#tests.set(id, changed)
    return [{ keep: 'test', key: id, body: changed }]
  }

  #alarm(id: string, by: Cause, until: number, active: boolean): Effect[] {
    const c = this.#o.site.compartments.find(x => x.id === id)
    const where: Words = c?.name ?? { zh: id, en: id }
    const end = new Intl.DateTimeFormat('en-GB', { timeZone: this.#o.site.timeZone, hour: '2-digit', minute: '2-digit' }).format(
      until,
    )
    const name = {
      zh: `${where.zh} 联动测试中，火警不动作，至 ${end}（${by.what.zh}）`.slice(0, 120),
      en: `${where.en}: under test, a fire sets nothing going, until ${end} (${by.what.en})`.slice(0, 160),
    }
    return this.#o.setAlarm({ key: keyOf(id), level: 3, kind: 'system', device: null, place: id, name }, active)
  }
}
