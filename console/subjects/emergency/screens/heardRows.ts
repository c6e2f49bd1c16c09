import type { CallOut, Delivery } from '#api/models/calls'
import type { Telling } from '#api/models/cases'
import type { Words } from '#contract/names'

/**
 * How far a message has come with one person, group or post, the furthest that is known: what somebody did (`answered`, `seen`), what a channel said
 * (`accepted` and so on), and, where neither, whether he has a screen before him at all.
 */
export type HeardState = 'seen' | 'unseen' | 'no-screen' | 'nobody' | Delivery['state']
export type HeardRow = {
  /** Empty for a post in which there is nobody, and for a group. */
  name: string
  post: Words | null
  channels: string[]
  state: HeardState
  at: number | null
  why: string | null
}

const rank: readonly HeardState[] = [
  'answered',
  'seen',
  'accepted',
  'withdrawn',
  'sent',
  'queued',
  'unseen',
  'failed',
  'no-screen',
]
const further = (a: HeardRow, b: Pick<HeardRow, 'state' | 'at' | 'why'>) =>
  rank.indexOf(b.state) < rank.indexOf(a.state) ? b : { state: a.state, at: a.at, why: a.why }

/** Whom a ticket has told, a row each, whatever it told him by; posts in which there is nobody first. Pure. */
export const heardRows = (told: readonly Telling[], call: CallOut | null): HeardRow[] => {
  const people = new Map<string, HeardRow>()
  const nobody = new Map<string, HeardRow>()
  const note = (key: string, first: HeardRow, news: Pick<HeardRow, 'state' | 'at' | 'why'>, channel?: string) => {
    const row = people.get(key) ?? first
    const channels = channel === undefined || row.channels.includes(channel) ? row.channels : [...row.channels, channel]
    people.set(key, { ...row, channels, post: row.post ?? first.post, ...further(row, news) })
  }
  for (const { posts } of told)
    for (const { name: post, people: of } of posts) {
      const unfilled: HeardRow = { name: '', post, channels: [], state: 'nobody', at: null, why: null }
      if (of.length === 0) nobody.set(post.zh, unfilled)
      else nobody.delete(post.zh)
      for (const { name, onScreen, seenAt } of of) {
        const state: HeardState = seenAt !== null ? 'seen' : onScreen ? 'unseen' : 'no-screen'
        note(name, { ...unfilled, name, state: 'no-screen' }, { state, at: seenAt, why: null })
      }
    }
  for (const d of call?.deliveries ?? []) {
    const first: HeardRow = { name: d.person, post: null, channels: [], state: d.state, at: d.acceptedAt, why: d.why }
    note(d.person || `group ${d.channel}`, first, { state: d.state, at: d.acceptedAt, why: d.why }, d.channel)
  }
  const has = call?.answeredBy
  if (has) {
    const first: HeardRow = { name: has, post: null, channels: [], state: 'answered', at: call.answeredAt, why: null }
    note(has, first, { state: 'answered', at: call.answeredAt, why: null })
  }
  return [...nobody.values(), ...people.values()]
}

/** Whether that is somebody's own doing: only then has it been heard. */
export const isHeard = ({ state }: HeardRow): boolean => state === 'answered' || state === 'seen'
/** What must not be overlooked: nobody has been reached there. */
export const isUnreached = ({ state }: HeardRow): boolean => state === 'nobody' || state === 'no-screen' || state === 'failed'
