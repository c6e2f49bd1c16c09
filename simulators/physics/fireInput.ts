import type { SimDevice } from '../simDevice.ts'

/** True at the moment when a device's wired fire input becomes active: it acts once, and a later command undoes it again. */
export const fireInputBegins = (device: SimDevice, memory: Map<string, number>): boolean => {
  const key = `${device.id}-fire-input`
  const before = memory.get(key) === 1
  memory.set(key, device.on('fire-input') ? 1 : 0)
  return device.on('fire-input') && !before
}
