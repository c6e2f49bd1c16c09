import type { Path } from '../yamlSource.ts'
import type { SiteParts } from './siteParts.ts'

/** The user's name where nothing else is set: two accounts with one default are one account. */
const userOf = (setting: string) => /^env:[A-Z][A-Z0-9_]*:(.+)$/.exec(setting)?.[1] ?? setting

/** Each MQTT account is of one program or device alone, name and password: the broker's rights go by the user, and what one gives away opens no other. */
export const checkAccounts = ({ site, say }: SiteParts) => {
  const owners = new Map<string, string>()
  const secrets = new Map<string, string>()
  const take = (path: Path, setting: string, owner: string) => {
    const user = userOf(setting)
    const other = owners.get(user)
    if (other === undefined) owners.set(user, owner)
    else say(path, `MQTT account '${user}' is already that of ${other}; give ${owner} an account of its own`)
  }
  const takeSecret = (path: Path, secret: string, owner: string) => {
    const other = secrets.get(secret)
    if (other === undefined) secrets.set(secret, owner)
    else say(path, `${secret} is already the password of ${other}; give ${owner} one of its own`)
  }
  const takeBoth = (path: Path, { user, password }: { user: string; password: string }, owner: string) => {
    take([...path, 'user'], user, owner)
    takeSecret([...path, 'password'], password, owner)
  }
  if (site.console) takeBoth(['console'], site.console, 'the console')
  site.agents.forEach((a, i) => {
    takeBoth(['agents', i], a, `agent '${a.id}'`)
  })
  site.buses.forEach((b, i) => {
    if (b.protocol === 'mqtt') takeBoth(['buses', i, 'account'], b.account, `bus '${b.id}'`)
  })
  site.devices.forEach((d, i) => {
    if (d.account) takeBoth(['devices', i, 'account'], d.account, `device '${d.id}'`)
    else if (d.habits) say(['devices', i, 'habits'], 'habits are those of an MQTT account; this device has none')
  })
}
