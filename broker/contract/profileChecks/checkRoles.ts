import { detectorRoles, type PointRole } from '../pointRoles.ts'
import type { ProfileParts } from './profileParts.ts'

/** What people move by hand from the overview. */
const commands: readonly (PointRole | 'fire' | 'fault' | 'shielded')[] = ['lock', 'arm']

/** Whether each role is one point's, and what a point of a detector says is true or false. */
export const checkRoles = ({ points, say }: ProfileParts) => {
  const taken = new Map<string, string>()
  for (const { key, point, path } of points.values()) {
    const { role, detector } = point
    const ofDetector = detectorRoles.some(r => r === role)
    if (ofDetector && !detector) say([...path, 'role'], `role ${role} needs the detector that it speaks of (detector)`)
    if (detector && !ofDetector) say([...path, 'detector'], 'a detector needs a role: fire, fault or shielded')
    if (ofDetector && point.kind !== 'binary') say([...path, 'kind'], `role ${role} is true or false: kind binary`)
    if (role === undefined || ofDetector) continue
    const other = taken.get(role)
    if (other !== undefined) say([...path, 'role'], `role ${role} is already that of '${other}'`)
    if (commands.includes(role) && !(point.kind === 'binary' && point.write))
      say([...path, 'role'], `role ${role} is moved by people: kind binary, with write`)
    taken.set(role, key)
  }
}
