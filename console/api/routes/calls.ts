import { z } from 'zod'
import { callOut, channelsView, onCallPage } from '../models/calls.ts'
import type { RouteTable } from '../route.ts'

const byId = z.object({ id: z.string().max(40) })
const byToken = z.object({ token: z.string().regex(/^[\w-]{32}$/) })
const eta = z.object({ etaMin: z.number().int().min(0).max(240).nullable() })

export const callsRoutes = {
  'GET /channels': {
    summary: 'How people are told who are not at a screen: channels with their state, the order of calls, the latest messages',
    right: 'see-settings',
    answer: channelsView,
  },
  'POST /channels/:id/test': {
    summary: 'Sends a test over a channel: to a person, or to its group',
    right: 'change-settings',
    params: byId,
    body: z.strictObject({ person: z.string().max(40).nullable() }),
  },
  'GET /cases/:id/call': {
    summary: 'How far the call for an emergency has come, and what became of each message',
    right: 'see-alarms',
    params: byId,
    answer: callOut.nullable(),
  },
  'POST /cases/:id/call/answer': {
    summary: 'I have it: nobody else is called for this emergency',
    right: 'act-on-alarms',
    params: byId,
    body: eta,
  },
  'GET /on-call/:token': {
    summary: 'The emergency of a message, for whoever it was sent to; open to whoever has the link',
    open: true,
    params: byToken,
    answer: onCallPage,
  },
  'POST /on-call/:token/answer': {
    summary: 'Whoever was called has it; open to whoever has the link',
    open: true,
    params: byToken,
    body: eta,
  },
  'POST /on-call/:token/cannot': {
    summary: 'Whoever was called cannot: the next are called at once; open to whoever has the link',
    open: true,
    params: byToken,
  },
} as const satisfies RouteTable
