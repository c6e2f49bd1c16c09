/** The journal tells of every raise and return by itself; the list that all of them stand on follows so much later. */
const followsMs = 1000
/** Where it hurries, at most so often while it is one page. */
const hurriedMs = 250

/**
 * When the list of all that stands is told. It grows with what stands, so that it does not go ahead of each alarm of a flood; it hurries with what no
 * record tells, or tells too late. `now` is monotonic ms.
 */
export class StandingTurn {
  #pages = 1
  #toldAt = Number.NEGATIVE_INFINITY
  /** Since when it is another list than was told; undefined while it is not. */
  #newsAt: number | undefined

  /** It is another list than was told: whether it is its turn. */
  isDue(now: number, hurries: boolean): boolean {
    this.#newsAt ??= now
    const spacingMs = this.#pages === 1 ? hurriedMs : followsMs
    return now >= (hurries ? this.#toldAt + spacingMs : this.#newsAt + followsMs)
  }

  told(now: number, pages: number) {
    this.#pages = pages
    this.#toldAt = now
    this.#newsAt = undefined
  }

  /** Nobody may have heard it: what hurries goes at once. */
  anew() {
    this.#toldAt = Number.NEGATIVE_INFINITY
  }
}
