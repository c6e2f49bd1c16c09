import { signIn, user } from '../models/people.ts'
import { signInPage } from '../models/site.ts'
import type { RouteTable } from '../route.ts'

/** Open to everybody. */
export const sessionRoutes = {
  'GET /sign-in': { summary: 'What the page says on which people sign in', open: true, answer: signInPage },
  'POST /sign-in': {
    summary: 'Signs in; after five wrong passwords the same name from the same place must wait',
    open: true,
    body: signIn,
    answer: user,
  },
  'GET /sign-in/provider': { summary: 'Sends the browser to the sign-in provider, where the site has one', open: true },
  'GET /sign-in/provider/back': {
    summary: 'Where the provider sends the browser back to; a refusal is said by the sign-in page',
    open: true,
  },
  'POST /sign-out': { summary: 'Signs out; open live connections of this session end', open: true },
} as const satisfies RouteTable
