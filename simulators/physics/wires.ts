import { linkagesOf, type Site } from '#contract/site'
import type { SimDevice } from '../simDevice.ts'
import { follow } from './air.ts'

/** What the fire panel does by itself over its own wires, a second after a compartment's rule is met, until it is reset. */
export const stepWires = (site: Site, devices: ReadonlyMap<string, SimDevice>, memory: Map<string, number>, dtS: number) => {
  const signals = new Map<string, { device: string; point: string; on: boolean }>()
  for (const c of site.compartments) {
    const panel = devices.get(c.panel)
    const met = panel !== undefined && c.witnesses.filter(w => panel.value(w) === true).length >= c.rule.independent
    for (const l of linkagesOf(site, c)) {
      if (l.by !== 'panel') continue
      const key = `${l.device}/${l.point}`
      signals.set(key, { device: l.device, point: l.point, on: met || (signals.get(key)?.on ?? false) })
    }
  }
  for (const [key, s] of signals) devices.get(s.device)?.setPoint(s.point, follow(memory, `wire ${key}`, s.on, dtS, 1, 0.2))
}
