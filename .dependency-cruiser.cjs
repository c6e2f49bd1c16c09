/** The doors between the folders, and the order of the rooms (design §1). Everything else is visible in the folders. */
const { houses, filesOf, pure, screens } = require('./architecture.cjs')

const only = (name, what, homes, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { pathNot: homes },
  to: { path: `node_modules/${what}/` },
})

const upwards = houses.flatMap(house =>
  house.rooms.slice(1).map((room, i) => ({
    name: `${house.house}/${room}-imports-only-from-below`,
    severity: 'error',
    from: { path: filesOf(house, room) },
    to: { path: house.rooms.slice(0, i + 1).map(above => filesOf(house, above)) },
  })),
)

module.exports = {
  forbidden: [
    ...upwards,
    {
      name: 'every-file-has-a-room',
      severity: 'error',
      from: {},
      to: {
        path: '^(console/server|edge-agent)/',
        pathNot: houses.flatMap(h => [...h.rooms.map(r => filesOf(h, r)), '\\.(ya?ml|json)$']),
      },
    },
    {
      name: 'subjects-do-not-know-each-other',
      severity: 'error',
      comment: 'what one needs of another the engine offers: services, links, causes',
      from: { path: '^console/subjects/([^/]+)/' },
      to: { path: '^console/subjects/', pathNot: '^console/subjects/$1/' },
    },
    {
      name: 'subjects-are-known-through-their-list',
      severity: 'error',
      from: { pathNot: '^(console/subjects|tests)/' },
      to: { path: '^console/subjects/[^/]+/' },
    },
    {
      name: 'screens-are-for-the-browser',
      severity: 'error',
      comment: 'the server and the rules of a subject know nothing of how it is shown',
      from: { pathNot: ['^(console/web|tests)/', ...screens] },
      to: { path: screens },
    },
    {
      name: 'the-list-of-subjects-is-for-the-wiring',
      severity: 'error',
      from: { pathNot: '^(console/server/[^/]+\\.ts$|tests/)' },
      to: { path: '^console/subjects/all\\.ts$' },
    },
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'contract-is-a-leaf',
      severity: 'error',
      from: { path: '^broker/contract/' },
      to: { pathNot: '^(broker/contract/|node_modules/(zod|yaml)/)' },
    },
    {
      name: 'store-is-a-leaf',
      severity: 'error',
      from: { path: '^broker/store/' },
      to: { pathNot: '^(broker/store/|node_modules/|fs$|path$|node:)' },
    },
    {
      name: 'edge-agent-stands-alone',
      severity: 'error',
      from: { path: '^edge-agent/' },
      to: { path: '^(console|simulators|tests|broker/[^/]+\\.ts$)' },
    },
    {
      name: 'console-server-keeps-to-its-doors',
      severity: 'error',
      from: { path: '^console/(server|subjects)/', pathNot: screens },
      to: { path: '^(edge-agent|simulators|tests|console/web|broker/[^/]+\\.ts$)' },
    },
    {
      name: 'web-sees-only-the-api',
      severity: 'error',
      from: { path: ['^console/web/', ...screens] },
      to: { path: '^(edge-agent|simulators|tests|console/(server|subjects)|broker/(?!contract))', pathNot: screens },
    },
    {
      name: 'api-is-shared-ground',
      severity: 'error',
      from: { path: '^console/api/' },
      to: { pathNot: '^(console/api/|broker/contract/|node_modules/zod/)' },
    },
    {
      name: 'simulators-have-their-own-code',
      severity: 'error',
      from: { path: '^simulators/' },
      to: { path: '^(edge-agent/.*\\.ts|console|tests|broker/[^/]+\\.ts$)' },
    },
    { name: 'nobody-imports-tests', severity: 'error', from: { pathNot: '^tests/' }, to: { path: '^tests/' } },
    {
      name: 'pure-files',
      severity: 'error',
      comment: 'they take `now` as a parameter; what they import is looked at by tests/house/purity.ts',
      from: { path: pure },
      to: { dependencyTypes: ['core'] },
    },
    only('aedes-has-one-home', 'aedes', '^(broker/[^/]+\\.ts|tests/bench/bare|node_modules/)', 'aedes lives in the broker'),
    only(
      'modbus-has-one-home',
      'modbus-serial',
      '^(edge-agent/field/modbus/modbusDriver\\.ts|simulators/field/modbusBus\\.ts|tests/|node_modules/)',
      '',
    ),
    only('sqlite3-has-one-home', 'sqlite3', '^(broker/store/|node_modules/)', ''),
    only('mqtt-has-one-home', 'mqtt', '^(broker/program/mqttConnection\\.ts|tests/|node_modules/)', ''),
    only('socket-io-has-one-home', 'socket\\.io', '^(console/server/realtime/|tests/bench/bare|node_modules/)', ''),
    only('socket-io-client-has-one-home', 'socket\\.io-client', '^(console/web/src/live/|tests/|node_modules/)', ''),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { conditionNames: ['source', 'import', 'node', 'default'], exportsFields: ['exports'] },
  },
}
