import type { Alarm } from '#api/models/live'

type Pattern = { tones: readonly [hz: number, ms: number][]; everyMs: number }

/** Each level its own sound, used nowhere else (ux.md §3.5). Level 4 is quiet. */
const patterns: Record<number, Pattern> = {
  1: {
    tones: [
      [880, 180],
      [660, 180],
      [880, 180],
      [660, 180],
    ],
    everyMs: 1500,
  },
  2: {
    tones: [
      [740, 220],
      [740, 220],
    ],
    everyMs: 2500,
  },
  3: { tones: [[520, 200]], everyMs: 6000 },
}

/** Called to an emergency: heard only while no alarm sounds. */
const call: Pattern = {
  tones: [
    [590, 140],
    [880, 140],
    [1180, 220],
  ],
  everyMs: 3000,
}

/** Of an urgent order: none of the alarms' own. */
const urgentCall: Pattern = {
  tones: [
    [587, 140],
    [784, 140],
    [988, 220],
  ],
  everyMs: 4000,
}

/** Whether somebody is at his post: none of the others. */
const check: Pattern = {
  tones: [
    [440, 400],
    [330, 400],
  ],
  everyMs: 3500,
}
const reminders = { urgent: urgentCall, check } as const

/** One call of an alarm: what is silenced. Its repeats are the same alarm, until it calls anew. */
const callOf = (a: Pick<Alarm, 'first' | 'rings'>): string => `${a.first}/${a.rings}`

/**
 * The alarm sound as a supervised function: it repeats until every sounding alarm is acknowledged or silenced.
 * Silence mutes the alarms that are there, never new ones.
 */
export class Annunciator {
  enabled = $state(false)
  sounding = $state<number | null>(null)
  /** Whether it calls this person to an emergency. */
  calling = $state(false)
  /** How often a pattern was played: what a test listens to. */
  played = $state(0)
  readonly #silenced = new Set<string>()
  #context: AudioContext | undefined
  #nextAt = 0
  #callAt = 0

  /** Browsers let a page sound only after somebody pressed something on it. */
  async enable() {
    this.#context ??= new AudioContext()
    await this.#context.resume()
    this.enabled = this.#context.state === 'running'
    this.#nextAt = 0
  }

  silence(alarms: Iterable<Alarm>, calls: readonly string[] = []) {
    for (const a of alarms) this.#silenced.add(callOf(a))
    for (const id of calls) this.#silenced.add(id)
    this.sounding = null
    this.calling = false
  }

  /** Called a few times a second with the alarms and the calls as they are. */
  step(alarms: Iterable<Alarm>, now: number, calls: readonly string[] = []) {
    let level: number | null = null
    for (const a of alarms)
      if (a.ackedAt === null && !this.#silenced.has(callOf(a)) && patterns[a.level] && (level === null || a.level < level))
        level = a.level
    const calling = calls.some(id => !this.#silenced.has(id))
    if (this.sounding !== level || this.calling !== calling) {
      this.sounding = level
      this.calling = calling
      this.#nextAt = 0
    }
    const pattern = level !== null ? patterns[level] : calling ? call : undefined
    if (!pattern || !this.enabled || now < this.#nextAt) return
    this.#nextAt = now + pattern.everyMs
    this.#play(pattern)
  }

  /** What nobody has taken up or answered calls until somebody does; silence is for alarms. */
  remind(of: keyof typeof reminders, calls: boolean, now: number) {
    if (!calls || !this.enabled || this.sounding !== null || this.calling || now < this.#callAt) return
    this.#callAt = now + reminders[of].everyMs
    this.#play(reminders[of])
  }

  #play(pattern: Pattern) {
    const context = this.#context
    if (context?.state !== 'running') {
      this.enabled = false
      return
    }
    let at = context.currentTime + 0.02
    for (const [hz, ms] of pattern.tones) {
      const tone = context.createOscillator()
      const gain = context.createGain()
      tone.type = 'square'
      tone.frequency.value = hz
      gain.gain.setValueAtTime(0.0001, at)
      gain.gain.exponentialRampToValueAtTime(0.25, at + 0.015)
      gain.gain.exponentialRampToValueAtTime(0.0001, at + ms / 1000)
      tone.connect(gain).connect(context.destination)
      tone.start(at)
      tone.stop(at + ms / 1000)
      at += ms / 1000 + 0.05
    }
    this.played++
  }
}
