/**
 * The houses and the order of their rooms (design §1), once: `npm run check` derives its rules from here. A room imports only from
 * rooms that stand below it. A room is a folder of its house; `.` are the files of the house itself.
 */
const houses = [
  {
    house: 'console',
    rooms: [
      'server',
      'subjects',
      'server/http',
      'server/desk',
      'server/export',
      'server/demo',
      'server/realtime',
      'server/notify',
      'server/agents',
      'server/engine',
      'server/mirror',
      'server/master',
      'server/backup',
      'server/search',
      'server/attachments',
      'server/auth',
      'server/site',
      'server/books',
      'server/domain',
    ],
  },
  { house: 'edge-agent', rooms: ['.', 'uplink', 'control', 'field', 'polling', 'domain', 'memory', 'registers'] },
]

/** The files of a room: those below its folder, or, where other rooms lie in it, those that lie in no room. */
const filesOf = ({ house, rooms }, room) => {
  const folder = room === '.' ? house : `${house}/${room}`
  const holds = rooms.some(r => r !== room && (room === '.' || r.startsWith(`${room}/`)))
  return `^${folder}/${holds ? '[^/]+$' : ''}`
}

/** What takes `now` as a parameter: no clock, timer, chance, file or socket, also not through what it imports. */
const pure = [
  '^broker/contract/',
  '^edge-agent/(domain|registers|polling)/',
  '^simulators/(physics|registers)/',
  '^console/server/domain/',
  '^console/subjects/[^/]+/(arithmetic/|definition\\.ts$|\\w+Definition\\.ts$|registers?\\.ts$|routines\\.ts$|settings\\.ts$)',
]
/** The libraries that what is pure may use. */
const pureLibraries = ['zod', 'yaml']

/** What subjects show: it belongs to the browser's side. */
const screens = ['^console/subjects/screens\\.ts$', '^console/subjects/[^/]+/screens/']

module.exports = { houses, filesOf, pure, pureLibraries, screens }
