import { serveHealth } from '#program/health'
import { runProgram } from '#program/runProgram'
import { readCatalogue, readSite } from '#program/siteFiles'
import { loginsOf } from './accounts.ts'
import { openBroker } from './mqttBroker.ts'

await runProgram('broker', async ({ env, log, ready }) => {
  const site = readSite(env.ZHIBAN_SITE, readCatalogue(env.ZHIBAN_PROFILES))
  const logins = loginsOf(site, process.env, env.ZHIBAN_BROKER_SERVES)
  let open = false
  const health = await serveHealth('broker', env.ZHIBAN_BROKER_PORT, () => open || 'starting')
  const broker = await openBroker({
    port: env.ZHIBAN_MQTT_PORT,
    bind: env.ZHIBAN_BIND,
    certificate: env.mqttCertificate,
    logins,
    log,
    metrics: health.registry,
  })
  open = true
  ready({ mqtt: broker.port, health: health.port })
  return async () => {
    await broker.close()
    await health.close()
  }
})
