import type { Path } from '../yamlSource.ts'
import type { SiteParts } from './siteParts.ts'

/** The user's name where nothing else is set: two accounts with one default are one account. */
const userOf = (setting: string) => /^env:[A-Z][A-Z0-9_]*:(.+)$/.exec(setting)?.[1] ?? setting

/** Each MQTT account is of one program or device alone: the broker's rights go by the user. */
export const checkAccounts = ({ site, say }: SiteParts) => {
  const owners = new Map<string, string>()
  const take = (path: Path, setting: string, owner: string) => {
    const user = userOf(setting)
    const other = owners.get(user)
    if (other === undefined) owners.set(user, owner)
    else say(path, `MQTT account '${user}' is already that of ${other}; give ${owner} an account of its own`)
  }
  if (site.console) take(['console', 'user'], site.console.user, 'the console')
  site.agents.forEach((a, i) => {
    take(['agents', i, 'user'], a.user, `agent '${a.id}'`)
  })
  site.buses.forEach((b, i) => {
    if (b.protocol === 'mqtt') take(['buses', i, 'account', 'user'], b.account.user, `bus '${b.id}'`)
  })
  site.devices.forEach((d, i) => {
    if (d.account) take(['devices', i, 'account', 'user'], d.account.user, `device '${d.id}'`)
  })
}
