import type { SiteParts } from './siteParts.ts'

const minutes = (text: string) => Number(text.slice(0, 2)) * 60 + Number(text.slice(3))

/** The time zone is one, and the centre's hours are hours. */
export const checkTime = ({ site: { timeZone, centreHours }, say }: SiteParts) => {
  try {
    if (timeZone !== undefined) new Intl.DateTimeFormat('en', { timeZone })
  } catch {
    say(['timeZone'], `'${timeZone}' is no IANA time zone, such as Asia/Shanghai`)
  }
  if (!centreHours) return
  for (const side of ['from', 'to'] as const)
    if (minutes(centreHours[side]) > 1440 || Number(centreHours[side].slice(3)) > 59)
      say(['centreHours', side], `'${centreHours[side]}' is no time of day`)
  if (minutes(centreHours.from) >= minutes(centreHours.to)) say(['centreHours'], "'from' must be before 'to'")
}
