import { join } from 'node:path'
import { serveHealth } from '#program/health'
import { runProgram } from '#program/runProgram'
import { takeSite, watchSite } from '#program/siteInForce'
import { accountsOf, callersOf, loginsOf } from './accounts.ts'
import { openBroker } from './mqttBroker.ts'

await runProgram('broker', async ({ env, log, ready, startAnew }) => {
  const inForce = takeSite(env, join(env.ZHIBAN_DATA, 'broker', `site-in-force-${env.ZHIBAN_BROKER_SERVES}.json`))
  const logins = loginsOf(inForce.site, process.env, env.ZHIBAN_BROKER_SERVES)
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
  const stopWatching = watchSite(env, inForce, {
    good({ site }) {
      // Nobody is cut off for what does not change who may come in.
      if (callersOf(site) === callersOf(inForce.site)) return
      // Whoever has started us gives us what is set now.
      if (!process.connected) accountsOf(site, process.env, env.ZHIBAN_BROKER_SERVES)
      startAnew('the site file was changed: its accounts are taken over')
    },
    refused: why => why && log.error(`the changed site file is not taken:\n${why}`),
  })
  ready({ mqtt: broker.port, health: health.port })
  return async () => {
    stopWatching()
    await broker.close()
    await health.close()
  }
})
