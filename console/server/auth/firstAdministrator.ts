import { existsSync, readFileSync, rmSync } from 'node:fs'
import { chmod, writeFile } from 'node:fs/promises'
import { powers } from '#api/rights'
import { type Accounts, newPassword } from './accounts.ts'

const firstName = 'admin'

/**
 * On a site that is no demo: the first account, and where its one-time password stands (`file`, for whoever owns the data alone)
 * until it has been changed. The file is written before the account is, so that a start which is cut off makes neither twice.
 */
export const openFirstAdministrator = async (accounts: Accounts, file: string, separate = false) => {
  const kept = () => (existsSync(file) ? readFileSync(file, 'utf8').trim().split(' ')[1] : undefined)
  if ((await accounts.count()) === 0) {
    const password = kept() ?? newPassword()
    await writeFile(file, `${firstName} ${password}\n`, { mode: 0o600, flush: true })
    // A file that was there already keeps the rights that it had.
    await chmod(file, 0o600)
    await accounts.add({
      name: firstName,
      display: 'Administrator',
      post: '管理员',
      // Where the powers are separated it lets people in, and they do the rest.
      roles: separate ? ['security'] : [...powers, 'manager', 'general-manager'],
      password,
      oneTime: true,
    })
  }
  const clear = async () => {
    const password = kept()
    if (password === undefined || !(await accounts.hasOneTime(firstName, password))) rmSync(file, { force: true })
  }
  await clear()
  return {
    /** What the installer must read; undefined when nothing waits for him. */
    waiting: existsSync(file) ? { name: firstName, password: kept() ?? '', file } : undefined,
    /** Takes the file away once its password is of no use. */
    clear,
  }
}
