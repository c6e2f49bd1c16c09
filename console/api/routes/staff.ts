import { z } from 'zod'
import { newPersonBody, personBody, postBody, sessionView, staff, staffWithPassword, workInHand } from '../models/staff.ts'
import type { RouteTable } from '../route.ts'

const right = 'manage-people'
const params = z.object({ id: z.string().max(40) })

export const staffRoutes = {
  'GET /staff': { summary: 'Everybody who has an account here, also who has left, and the posts', right, answer: staff },
  'POST /staff': {
    summary: 'Adds somebody; his one-time password is in the answer and nowhere else',
    right,
    body: newPersonBody,
    answer: staffWithPassword,
  },
  'PUT /staff/:id': { summary: 'Changes the name or the post of somebody', right, params, body: personBody, answer: staff },
  'GET /staff/:id/work': {
    summary: 'The open cases that are in the hands of somebody',
    right,
    params,
    answer: z.array(workInHand),
  },
  'POST /staff/:id/hand-on': {
    summary: 'What somebody has in hand goes to another person, who is told; answers what he keeps',
    right,
    params,
    body: z.strictObject({ to: z.string().max(40) }),
    answer: z.array(workInHand),
  },
  'GET /staff/:id/sessions': { summary: 'Where somebody is signed in', right, params, answer: z.array(sessionView) },
  'POST /staff/:id/sign-out': { summary: 'Ends every session of somebody', right, params, answer: staff },
  'POST /staff/:id/password': {
    summary: 'Gives somebody another one-time password; his sessions end',
    right,
    params,
    answer: staffWithPassword,
  },
  'POST /staff/:id/leave': {
    summary: 'Somebody leaves: he is out at once, what he has done stays; not the last administrator, and nobody himself',
    right,
    params,
    answer: staff,
  },
  'PUT /staff/:id/provider': {
    summary: 'Whether somebody comes by the sign-in provider, as whoever has his user name there',
    right,
    params,
    body: z.strictObject({ on: z.boolean() }),
    answer: staff,
  },
  'POST /staff/:id/return': {
    summary: 'Somebody who has left is back, with a one-time password',
    right,
    params,
    answer: staffWithPassword,
  },
  'POST /posts': { summary: 'Adds a post with its roles', right, body: postBody, answer: staff },
  'PUT /posts/:id': {
    summary: 'Changes the name or the roles of a post, for all who hold it; somebody must stay administrator',
    right,
    params,
    body: postBody,
    answer: staff,
  },
} as const satisfies RouteTable
