import type { PointRole } from '#contract/pointRoles'
import type { SimDevice } from './simDevice.ts'
import type { World } from './world.ts'

export type Scenario = {
  summary: string
  run(world: World, after: (seconds: number, act: () => void) => void, options: { followAfterS: number }): void
}

const device = (world: World, id: string) => {
  const found = world.devices.get(id)
  if (!found) throw new Error(`the site has no device '${id}'; this scenario belongs to the demo tower`)
  return found
}

const keyIn = (d: SimDevice, role: PointRole) => {
  const key = d.keyOf(role)
  if (key === undefined) throw new Error(`'${d.id}' has no point with the role ${role}; this scenario belongs to the demo tower`)
  return key
}

/** What can be set going at the control of the simulators. Times are real seconds. */
export const scenarios: Record<string, Scenario> = {
  'fire-floor-12': {
    summary: 'Smoke detector 12F east 3 goes into alarm; the east call point follows, so that the two-device rule is met',
    run(world, after, { followAfterS }) {
      const panel = device(world, 'fire-panel')
      panel.write('l12_e3_fire', true)
      after(followAfterS, () => panel.write('l12_cpe_fire', true))
    },
  },
  'panel-reset': {
    summary: 'Somebody resets the fire panel by hand: every device in alarm returns to normal',
    run(world) {
      const panel = device(world, 'fire-panel')
      for (const [key, { role }] of panel.profile.points) if (role === 'fire') panel.write(key, false)
    },
  },
  'intrusion-b1': {
    summary: 'The lift lobby door on B1 is forced open; it is shut again after a while',
    run(world, after, { followAfterS }) {
      const door = device(world, 'd-b1')
      const keys = [keyIn(door, 'door-open'), keyIn(door, 'forced-open')]
      for (const key of keys) door.pin(key, true)
      after(Math.max(20, followAfterS), () => {
        for (const key of keys) {
          door.write(key, false)
          door.unpin(key)
        }
      })
    },
  },
  'ahu-trip': {
    summary: "AHU-2's drive trips: the fan stops until the fault is cleared (scenario ahu-reset)",
    run(world) {
      const ahu = device(world, 'ahu-2')
      ahu.pin(keyIn(ahu, 'drive-fault'), true)
    },
  },
  'ahu-reset': {
    summary: "AHU-2's drive fault is cleared",
    run(world) {
      const ahu = device(world, 'ahu-2')
      const key = keyIn(ahu, 'drive-fault')
      ahu.write(key, false)
      ahu.unpin(key)
    },
  },
}
