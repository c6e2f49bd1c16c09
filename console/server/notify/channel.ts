import type { SiteChannel } from '#contract/site'

/** What goes out; `id` is the same however often it is tried. */
export type Outgoing = { id: string; subject: string; text: string; level: number; link: string | null }
/** Whom it goes to: an address of the channel's kind, empty for a group, and the telephones that a group calls by name. */
export type Target = { address: string; mention: readonly string[] }

/**
 * What the other side has said. `limited`: too much at once, to be tried when a minute is over. `refused`: it will not take this however often it is
 * tried, such as an address that does not exist.
 */
export type Answer = { is: 'accepted'; ref: string } | { is: 'failed' | 'limited' | 'refused'; why: string }

/** One way to tell people who are not at a screen. It answers within its limit, and never throws. */
export type Channel = {
  readonly id: string
  readonly kind: SiteChannel['kind']
  /** It needs the address of a person; the others speak to a group. */
  readonly personal: boolean
  readonly perMinute: number
  send(message: Outgoing, to: Target): Promise<Answer>
}

/** No answer for so long is none. */
export const answerMs = 10_000

export const failed = (error: unknown): Answer => {
  const { message, cause } = error as { message?: string; cause?: { code?: string; message?: string } }
  const why = cause?.code ?? cause?.message ?? message ?? String(error)
  return { is: 'failed', why: why.slice(0, 200) }
}
