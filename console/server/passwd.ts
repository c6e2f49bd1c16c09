import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readEnvironment } from '#program/environment'
import { newPassword, openAccounts } from './auth/accounts.ts'
import { audit, system } from './books/audit.ts'
import { openBooksBeside } from './books/books.ts'

/**
 * `npm run passwd -- NAME`: for the day on which somebody, or nobody, can sign in. Gives the account a one-time password and ends
 * its sessions; the console may be running. Whoever may read and write the console's folder may do this: there is no other proof.
 */
const name = process.argv[2]
const file = join(readEnvironment().ZHIBAN_DATA, 'console', 'books.db')
const refuse = (why: string) => {
  process.stderr.write(`${why}\n`)
  process.exitCode = 2
}

const main = async (name: string) => {
  const books = await openBooksBeside(file)
  try {
    const accounts = await openAccounts(books)
    const password = newPassword()
    const actor = { ...system, station: 'passwd' }
    const done = await accounts.resetPassword(name, password, tx => audit(tx, Date.now(), actor, 'password-reset', name))
    if (!done) return refuse(`nobody here signs in as '${name}'; there are: ${(await accounts.names()).join(', ')}`)
    process.stdout.write(`${name} ${password}\nto be changed at the next sign-in; sessions of ${name} have ended\n`)
  } finally {
    await books.close()
  }
}

if (!name) refuse('usage: npm run passwd -- NAME')
else if (!existsSync(file)) refuse(`${file}: there are no books here; set ZHIBAN_DATA to the folder of the console that is meant`)
else await main(name).catch(error => refuse((error as Error).message))
