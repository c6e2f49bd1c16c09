import { untrack } from 'svelte'
import { hadNoAnswer } from '../live/api.ts'

/** Says in words why something was refused. */
type Speaker = { sentence(error: unknown): string }

type Also = {
  /** What makes it worth asking again, beside what the question itself reads. */
  when?: () => unknown
  /** What nothing tells of is asked for again and again, ms. */
  everyMs?: number
}

/** What had no answer is asked again so long afterwards: nobody should have to leave a page and come back to see it. */
const againMs = 5000

export type Resource<T> = {
  /** The last answer; also what a deed brought back. */
  value: T
  /** Why the last question has no answer; empty when it has one. */
  readonly error: string
  reload(): Promise<void>
}

/**
 * What the server knows, asked again whenever something changes that the question reads. The one place where answers race: that of
 * a question that a newer one, or a deed, has made old is thrown away. A question that comes to null asks nothing and leaves `empty`.
 */
export const resource = <T>(
  speaker: Speaker,
  empty: T,
  question: () => Promise<T> | null,
  { when, everyMs }: Also = {},
): Resource<T> => {
  let value = $state.raw(empty)
  let error = $state('')
  let turn = 0
  let again: ReturnType<typeof setTimeout> | undefined
  const settle = async (asked: Promise<T> | null) => {
    const mine = ++turn
    clearTimeout(again)
    try {
      const answer = asked === null ? empty : await asked
      if (mine !== turn) return
      value = answer
      error = ''
    } catch (e) {
      if (mine !== turn) return
      error = speaker.sentence(e)
      if (hadNoAnswer(e)) again = setTimeout(reload, againMs)
    }
  }
  const reload = () => settle(untrack(question))
  $effect(() => {
    when?.()
    void settle(question())
    const timer = everyMs === undefined ? undefined : setInterval(reload, everyMs)
    return () => {
      // What is still on its way is for nobody any more, and nothing asks again.
      turn++
      clearInterval(timer)
      clearTimeout(again)
    }
  })
  return {
    get value() {
      return value
    },
    set value(known) {
      turn++
      clearTimeout(again)
      value = known
      error = ''
    },
    get error() {
      return error
    },
    reload,
  }
}
