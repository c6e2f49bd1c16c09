import { z } from 'zod'
import { alarmLevel } from '#contract/alarm'
import { words } from '#contract/names'
import { text } from '../words/text.ts'

/** How people are told who are not at a screen. */
export const channelKinds = ['mail', 'wecom', 'dingtalk', 'feishu', 'webhook'] as const
export const deliveryStates = ['queued', 'sent', 'accepted', 'failed', 'answered', 'withdrawn'] as const

/** What became of one message. `accepted`: the other side has taken it; that somebody has read it is only said of who has answered. */
export const delivery = z.object({
  id: z.string(),
  step: z.number().nullable(),
  channel: z.string(),
  /** Empty: a group. */
  person: z.string(),
  state: z.enum(deliveryStates),
  tries: z.number(),
  madeAt: z.number(),
  acceptedAt: z.number().nullable(),
  why: z.string().nullable(),
})
export type Delivery = z.infer<typeof delivery>

/** How far the call for an emergency has come: who has it, or when the next are called. */
export const callOut = z.object({
  level: z.number(),
  begunAt: z.number(),
  /** How many steps of the chain have been called. */
  step: z.number(),
  nextAt: z.number().nullable(),
  answeredAt: z.number().nullable(),
  answeredBy: z.string().nullable(),
  etaMin: z.number().nullable(),
  deliveries: z.array(delivery),
})
export type CallOut = z.infer<typeof callOut>

export const channelView = z.object({
  id: z.string(),
  kind: z.enum(channelKinds),
  name: words,
  personal: z.boolean(),
  perMinute: z.number(),
  waiting: z.number(),
  waitsSince: z.number().nullable(),
  acceptedAt: z.number().nullable(),
  failedAt: z.number().nullable(),
  why: z.string().nullable(),
})
export const channelsView = z.object({
  channels: z.array(channelView),
  calls: z.array(
    z.object({
      level: z.number(),
      chain: z.array(z.object({ afterS: z.number(), to: z.array(z.string()), by: z.array(z.string()) })),
    }),
  ),
  latest: z.array(delivery.extend({ text })),
  /** The posts that chains may name. */
  posts: z.array(z.object({ id: z.string(), name: words })),
  /** Whose stations sound their alarms now. */
  sounding: z.array(z.string()),
  /** Whom a personal channel can reach. */
  people: z.array(z.object({ id: z.string(), name: z.string(), mail: z.string() })),
})
export type ChannelsView = z.infer<typeof channelsView>

/** What somebody who was called sees on his phone, without signing in: that emergency and nothing else. */
export const onCallPage = z.object({
  site: words,
  timeZone: z.string(),
  level: alarmLevel,
  title: text,
  place: words.nullable(),
  number: z.string(),
  openedAt: z.number(),
  now: z.number(),
  person: z.string(),
  nextAt: z.number().nullable(),
  answeredBy: z.string().nullable(),
  answeredByMe: z.boolean(),
  over: z.boolean(),
  steps: z.array(z.object({ n: z.number(), text: words, withinS: z.number().nullable(), done: z.boolean(), mine: z.boolean() })),
  told: z.array(z.object({ name: z.string(), state: z.enum(deliveryStates), tel: z.string() })),
  /** Who would be called at `nextAt`, or if he cannot. */
  next: z.array(z.object({ name: z.string(), tel: z.string() })),
  contacts: z.array(z.object({ name: words, phone: z.string() })),
})
export type OnCallPage = z.infer<typeof onCallPage>
