import type { Alarm } from '#api/models/live'
import type { Person } from './person.ts'

/** The alarms of links that are lost now. That a busy machine reads late is an alarm of its own, and no link. */
export const linkAlarms = async (api: Person): Promise<Alarm[]> =>
  (await api.get<Alarm[]>('/alarms')).body.filter(a => a.kind === 'link' && a.returnedAt === null && !a.key.startsWith('pace/'))
