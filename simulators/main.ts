import { join } from 'node:path'
import { resolveSetting } from '#contract/parseSite'
import { isSimulatedDevice, type Site } from '#contract/site'
import { runProgram } from '#program/runProgram'
import { takeSite, watchSite } from '#program/siteInForce'
import { monotonicMs } from '#program/wallClock'
import { controlRoutes } from './control/routes.ts'
import { serveControl } from './control/server.ts'
import { type ModbusBus, openModbusBus } from './field/modbusBus.ts'
import { openMqttDevice } from './field/mqttDevice.ts'
import { makeWorld } from './world.ts'

const stepMs = 100

/** The site with those of its devices that are simulated. */
const simulatedPart = (whole: Site): Site => ({ ...whole, devices: whole.devices.filter(d => isSimulatedDevice(whole, d)) })

await runProgram('simulators', async ({ env, log, clock, ready, startAnew }) => {
  const inForce = takeSite(env, join(env.ZHIBAN_DATA, 'simulators', 'site-in-force.json'))
  const { catalogue } = inForce
  const site = simulatedPart(inForce.site)
  const world = makeWorld(site, catalogue)
  world.settle(clock.now())

  const buses = new Map<string, ModbusBus>()
  const closers: { close(): Promise<void> }[] = []
  for (const bus of site.buses) {
    const devices = [...world.devices.values()].filter(d => d.site.bus === bus.id)
    if (devices.length === 0) continue
    if (bus.protocol === 'modbus-tcp') {
      const port = Number(resolveSetting(bus.port, process.env))
      buses.set(bus.id, await openModbusBus({ host: '127.0.0.1', port, devices, log }))
    } else {
      const url = resolveSetting(bus.url, process.env) ?? env.mqttUrl
      closers.push(...devices.map(d => openMqttDevice(d, url, process.env, log.child({ device: d.id }, { level: 'error' }))))
    }
  }
  const timers = new Set<NodeJS.Timeout>()
  const after = (seconds: number, act: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      act()
    }, seconds * 1000)
    timers.add(timer)
  }
  const control = await serveControl(env.ZHIBAN_SIM_PORT, controlRoutes(world, buses, after))
  let last = monotonicMs()
  const loop = setInterval(() => {
    const now = monotonicMs()
    // Doors and fans of a fire take the seconds that they take, however fast the demo's clock runs.
    world.step(clock.now(), ((now - last) / 1000) * (world.inFire() ? 1 : clock.pace.rate))
    last = now
  }, stepMs)
  const stopWatching = watchSite(env, inForce, {
    // What goes on in the building begins anew with it, so it is left alone for what it does not serve.
    good(next) {
      const served = (s: Site) => {
        const { buses, devices } = simulatedPart(s)
        return JSON.stringify([buses.filter(b => devices.some(d => d.bus === b.id)), devices])
      }
      if (served(next.site) !== served(inForce.site)) startAnew('the site file was changed: its devices are taken over')
    },
    refused() {},
  })
  ready({ control: control.port })
  return async () => {
    stopWatching()
    clearInterval(loop)
    for (const timer of timers) clearTimeout(timer)
    await Promise.all([control.close(), ...closers.map(c => c.close()), ...[...buses.values()].map(b => b.close())])
  }
})
