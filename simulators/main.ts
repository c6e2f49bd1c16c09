import { resolveSetting } from '#contract/parseSite'
import { isSimulatedDevice } from '#contract/site'
import { runProgram } from '#program/runProgram'
import { readCatalogue, readSite } from '#program/siteFiles'
import { monotonicMs } from '#program/wallClock'
import { controlRoutes } from './control/routes.ts'
import { serveControl } from './control/server.ts'
import { type ModbusBus, openModbusBus } from './field/modbusBus.ts'
import { openMqttDevice } from './field/mqttDevice.ts'
import { makeWorld } from './world.ts'

const stepMs = 100

await runProgram('simulators', async ({ env, log, clock, ready }) => {
  const catalogue = readCatalogue(env.ZHIBAN_PROFILES)
  const whole = readSite(env.ZHIBAN_SITE, catalogue)
  const site = { ...whole, devices: whole.devices.filter(d => isSimulatedDevice(whole, d)) }
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
  ready({ control: control.port })
  return async () => {
    clearInterval(loop)
    for (const timer of timers) clearTimeout(timer)
    await Promise.all([control.close(), ...closers.map(c => c.close()), ...[...buses.values()].map(b => b.close())])
  }
})
