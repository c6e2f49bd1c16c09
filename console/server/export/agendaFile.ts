import ical, { ICalCalendarMethod } from 'ical-generator'
import type { AgendaItem } from '../engine/chapter.ts'

/** Shifts and bookings as calendar programs take them (RFC 5545). Ids stay, so that what has moved moves there too. */
export const agendaFile = (o: {
  site: string
  name: string
  at: number
  items: readonly AgendaItem[]
  word: (said: AgendaItem['what']) => string
}): string => {
  const calendar = ical({ name: o.name, prodId: { company: 'Zhiban', product: 'agenda' }, method: ICalCalendarMethod.PUBLISH })
  for (const item of o.items)
    calendar.createEvent({
      id: `${item.id}@${o.site}`,
      stamp: new Date(o.at),
      start: new Date(item.from),
      end: new Date(item.to),
      summary: o.word(item.what),
      ...(item.where === '' ? {} : { location: item.where }),
    })
  return calendar.toString()
}
