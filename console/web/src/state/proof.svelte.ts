import { provesBy, Refused } from '../live/api.ts'

/** What asks for a PIN or password before it is done. */
type Asking = { code: 'locked' | 'prove-again'; error: unknown; answer(secret: string | null): void }

/** One question at a time to whoever sits here: is it still you? What was refused for want of an answer goes on with it. */
export class Proof {
  asking = $state.raw<Asking | null>(null)
  readonly #unlock: (secret: string) => Promise<void>
  #turn: Promise<unknown> = Promise.resolve()

  constructor(unlock: (secret: string) => Promise<void>) {
    this.#unlock = unlock
    provesBy((refused, again) => {
      const mine = this.#turn.then(() => this.#prove(refused, again))
      this.#turn = mine.catch(() => {})
      return mine
    })
  }

  /** Until it is right, or whoever was asked gives it up: then it stays refused. */
  async #prove<T>(refused: Refused, again: (secret?: string) => Promise<T>): Promise<T> {
    let error: unknown = null
    for (;;) {
      const secret = await this.#question(refused.code === 'locked' ? 'locked' : 'prove-again', error)
      if (secret === null) throw refused
      try {
        if (refused.code !== 'locked') return await again(secret)
        await this.#unlock(secret)
        return await again()
      } catch (e) {
        if (!(e instanceof Refused) || !['wrong-password', 'pin-tried-out', 'slow-down'].includes(e.code)) throw e
        error = e
      }
    }
  }

  #question(code: Asking['code'], error: unknown): Promise<string | null> {
    return new Promise(done => {
      const answer = (secret: string | null) => {
        this.asking = null
        done(secret)
      }
      this.asking = { code, error, answer }
    })
  }
}
