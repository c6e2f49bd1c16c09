import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { readEnvironment } from '#program/environment'
import { readCatalogue, readSite } from '#program/siteFiles'
import { accountsOf } from './accounts.ts'
import { aclFile, configFile, passwordFile } from './mosquitto.ts'

/**
 * `npm run broker:files -- FOLDER`: password, ACL and configuration file with which Mosquitto serves this site (ZHIBAN_SITE), for the
 * accounts that ZHIBAN_BROKER_SERVES names; passwords come from the environment, as for our own broker.
 */
const main = () => {
  const [said] = process.argv.slice(2)
  if (!said) throw new Error('usage: npm run broker:files -- FOLDER')
  const folder = resolve(said)
  const env = readEnvironment()
  const site = readSite(env.ZHIBAN_SITE, readCatalogue(env.ZHIBAN_PROFILES))
  const accounts = accountsOf(site, process.env, env.ZHIBAN_BROKER_SERVES)
  const passwords = join(folder, 'zhiban.passwords')
  const acl = join(folder, 'zhiban.acl')
  mkdirSync(folder, { recursive: true })
  const write = (file: string, text: string) => writeFileSync(file, text, { mode: 0o600 })
  write(passwords, passwordFile(accounts))
  write(acl, aclFile(accounts))
  const config = join(folder, 'zhiban.conf')
  write(config, configFile({ port: env.ZHIBAN_MQTT_PORT, bind: env.ZHIBAN_BIND, passwords, acl }))
  process.stdout.write(`${accounts.length} accounts: mosquitto -c ${config} (whoever runs it must own these files)\n`)
}

try {
  main()
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exitCode = 2
}
