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
      for (const [key] of panel.entries()) if (/^l\d+_.*_fire$/.test(key)) panel.write(key, false)
      panel.write('fire', false)
    },
  },
  'intrusion-b1': {
    summary: 'The lift lobby door on B1 is forced open; it is shut again after a while',
    run(world, after, { followAfterS }) {
      const door = device(world, 'd-b1')
      door.pin('open', true)
      door.pin('forced', true)
      after(Math.max(20, followAfterS), () => {
        for (const key of ['open', 'forced']) {
          door.write(key, false)
          door.unpin(key)
        }
      })
    },
  },
  'ahu-trip': {
    summary: "AHU-2's drive trips: the fan stops until the fault is cleared (scenario ahu-reset)",
    run: world => device(world, 'ahu-2').pin('vfd_flt', true),
  },
  'ahu-reset': {
    summary: "AHU-2's drive fault is cleared",
    run(world) {
      device(world, 'ahu-2').write('vfd_flt', false)
      device(world, 'ahu-2').unpin('vfd_flt')
    },
  },
}
