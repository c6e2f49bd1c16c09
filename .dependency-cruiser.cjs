/** The doors between the folders (design §1). Everything else about the architecture is visible in the folders. */
const only = (name, what, homes, comment) => ({
  name,
  severity: 'error',
  comment,
  from: { pathNot: homes },
  to: { path: `node_modules/${what}/` },
})

module.exports = {
  forbidden: [
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
      from: { path: '^console/(server|subjects)/' },
      to: { path: '^(edge-agent|simulators|tests|console/web|broker/[^/]+\\.ts$)' },
    },
    {
      name: 'web-sees-only-the-api',
      severity: 'error',
      from: { path: '^console/web/' },
      to: { path: '^(edge-agent|simulators|tests|console/(server|subjects)|broker/(?!contract))' },
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
      name: 'pure-folders',
      severity: 'error',
      comment: 'contract, domain, register maths, poll planning and physics take `now` as a parameter',
      from: {
        path: '^(broker/contract|edge-agent/(domain|registers|polling)|simulators/(physics|registers)|console/server/domain|console/subjects/[^/]+/arithmetic)/',
      },
      to: { dependencyTypes: ['core'] },
    },
    only('aedes-has-one-home', 'aedes', '^(broker/[^/]+\\.ts|node_modules/)', 'aedes lives in the broker'),
    only(
      'modbus-has-one-home',
      'modbus-serial',
      '^(edge-agent/field/modbusDriver\\.ts|simulators/field/modbusBus\\.ts|tests/|node_modules/)',
      '',
    ),
    only('sqlite3-has-one-home', 'sqlite3', '^(broker/store/|node_modules/)', ''),
    only('mqtt-has-one-home', 'mqtt', '^(broker/program/mqttConnection\\.ts|tests/|node_modules/)', ''),
    only('socket-io-has-one-home', 'socket\\.io', '^(console/server/realtime/|node_modules/)', ''),
    only('socket-io-client-has-one-home', 'socket\\.io-client', '^(console/web/src/live/|tests/|node_modules/)', ''),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { conditionNames: ['source', 'import', 'node', 'default'], exportsFields: ['exports'] },
  },
}
