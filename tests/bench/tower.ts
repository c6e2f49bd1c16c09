/** A site of devices with 100 points each: 100 of them on five buses are the size that the delays are promised for. */
export const devicesPerBus = 20

const words = (text: string) => `{zh: ${text}, en: ${text}}`

/** 16 alarm bits in one word (200 ms), 80 values (1 s), 3 slow ones (10 s), one command. Two of the bits open tickets, of a kind each. */
export const benchProfile = (): string => {
  const bits = Array.from(
    { length: 16 },
    (_, i) =>
      `  b${i}: {name: ${words(`b${i}`)}, kind: binary, poll: alarm, register: {table: input, address: 0, type: u16, bit: ${i}}}`,
  )
  const values = Array.from(
    { length: 80 },
    (_, i) => `  v${i}: {name: ${words(`v${i}`)}, kind: analog, register: {table: input, address: ${10 + i}, type: u16}}`,
  )
  const slow = Array.from(
    { length: 3 },
    (_, i) =>
      `  s${i}: {name: ${words(`s${i}`)}, kind: analog, poll: slow, register: {table: input, address: ${200 + i}, type: u16}}`,
  )
  const head = `profile: bench\nversion: 1\nprotocol: modbus\nname: ${words('bench')}\nevidence: synthetic\nruns: {command: c0, feedback: c0}\npoints:\n`
  const command = `  c0: {name: ${words('c0')}, kind: binary, group: command, register: {table: coil, address: 0}, write: {relinquishDefault: false}}`
  const alarms = `alarms:\n  b0: {point: b0, equals: true, level: 2, kind: intrusion, name: ${words('b0')}}\n  b1: {point: b1, equals: true, level: 2, kind: fire, name: ${words('b1')}}\n`
  return `${head}${[...bits, ...values, ...slow, command].join('\n')}\n${alarms}`
}

export const benchSite = (ports: readonly number[]): string => {
  const ids = Array.from({ length: ports.length * devicesPerBus })
  const lines = [
    'site: bench',
    `name: ${words('Bench')}`,
    'timeZone: Asia/Shanghai',
    'centreHours: {from: "07:00", to: "19:00"}',
    'console: {user: console, password: env:ZHIBAN_CONSOLE_MQTT_PASSWORD}',
    // Each device in a place of its own: one open ticket a place and kind, so that every alarm opens one.
    'floors:',
    ...ids.map((_, i) => `  - {id: f${i}, name: ${words(`${i}F`)}, order: ${i}}`),
    `zones: [{id: z1, name: ${words('0F')}, floor: f0, side: west, controller: d0, areaM2: 100}]`,
    `agents: [{id: tower, name: ${words('Tower')}, user: agent-tower, password: env:ZHIBAN_AGENT_MQTT_PASSWORD}]`,
    'buses:',
    ...ports.map(
      (port, i) =>
        `  - {id: bus-${i}, name: ${words(`bus ${i}`)}, agent: tower, protocol: modbus-tcp, host: 127.0.0.1, port: "${port}"}`,
    ),
    'devices:',
    ...ports.flatMap((_, b) =>
      Array.from(
        { length: devicesPerBus },
        (_x, u) =>
          `  - {id: d${b * devicesPerBus + u}, name: ${words(`d${b * devicesPerBus + u}`)}, profile: bench, bus: bus-${b}, unit: ${u + 1}, place: f${b * devicesPerBus + u}}`,
      ),
    ),
    'plans:',
    ...['intrusion', 'fire'].map(
      kind =>
        `  - {kind: ${kind}, level: 2, name: ${words('plan')}, source: bench, steps: [{text: ${words('step')}, owner: ${words('guard')}, withinS: 60}]}`,
    ),
  ]
  return `${lines.join('\n')}\n`
}
