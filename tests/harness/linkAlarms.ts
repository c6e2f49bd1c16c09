import type { Alarm } from '#api/models/live'
import type { Person } from './person.ts'

/** That a busy machine reads late, and that units seem silent meanwhile, are alarms of their own, and no lost link. */
export const isOfBusyMachine = ({ key }: Pick<Alarm, 'key'>): boolean => /^(pace|units)\//.test(key)

/** The alarms of links that are lost now. */
export const linkAlarms = async (api: Person): Promise<Alarm[]> =>
  (await api.get<Alarm[]>('/alarms')).body.filter(a => a.kind === 'link' && a.returnedAt === null && !isOfBusyMachine(a))
