import { signIn, user } from '../models/people.ts'
import { signInPage } from '../models/site.ts'
import type { RouteTable } from '../route.ts'

/** Open to everybody. */
export const sessionRoutes = {
  'GET /sign-in': { summary: 'What the page says on which people sign in', answer: signInPage },
  'POST /sign-in': {
    summary: 'Signs in; after five wrong passwords the same name from the same place must wait',
    body: signIn,
    answer: user,
  },
  'POST /sign-out': { summary: 'Signs out; open live connections of this session end' },
} as const satisfies RouteTable
