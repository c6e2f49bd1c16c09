import { passwordChange, pinChange, unlock, user } from '../models/people.ts'
import type { RouteTable } from '../route.ts'

/** Whoever is signed in. */
export const ownRoutes = {
  'GET /me': {
    summary: 'Who is signed in',
    whileDue: true,
    whileLocked: true,
    answer: user,
  },
  'POST /password': {
    summary: 'Changes the password of whoever is signed in; his other sessions end',
    whileDue: true,
    body: passwordChange,
    answer: user,
  },
  'POST /lock': { summary: 'Locks this session: it shows what goes on, and lets nothing be done', whileLocked: true },
  'POST /unlock': {
    summary: 'Goes on, by PIN or password',
    whileLocked: true,
    body: unlock,
    answer: user,
  },
  'POST /pin': { summary: 'Chooses a PIN, or none', body: pinChange },
} as const satisfies RouteTable
