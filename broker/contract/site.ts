import { z } from 'zod'
import { alarmKind, alarmLevel } from './alarm.ts'
import { guidance } from './guidance.ts'
import { type PointRef, pointKey, pointRef, refOf, slug, words } from './names.ts'
import { scalar } from './quality.ts'

/** Text that may come from the environment: `env:NAME` (must be set) or `env:NAME:default`; a number needs no quotes. */
const setting = z.union([z.string().max(200), z.number()]).transform(String)
/** Secrets never stand in the file (design §2). */
const secret = z.string().regex(/^env:[A-Z][A-Z0-9_]*$/, 'a secret is never written here; use env:NAME')

/** A file beside the site file or in a folder there, never above it. */
const besideSiteFile = (kinds: readonly string[]) =>
  z
    .string()
    .max(200)
    .regex(
      new RegExp(`^(?!.*\\.\\.)[A-Za-z0-9][A-Za-z0-9._/-]*\\.(${kinds.join('|')})$`),
      `a file (${kinds.join(', ')}) beside the site file`,
    )

const floor = z.strictObject({
  id: slug,
  name: words,
  order: z.number().int(),
  /** Its picture, beside the site file or in a folder there: people place what stands on it with the mouse. */
  plan: besideSiteFile(['svg', 'png', 'jpg', 'jpeg', 'webp']).optional(),
})
const zone = z.strictObject({
  id: slug,
  name: words,
  floor: slug,
  side: z.enum(['west', 'east']),
  controller: slug,
  /** Area in m², for the heat balance of the simulators and for what tenants share of one air handler. */
  areaM2: z.number().positive(),
  /** Rated cooling load in kW, where what tenants share goes by it. */
  ratedKw: z.number().positive().optional(),
})
const unit = z.strictObject({ id: slug, name: words, zones: z.array(slug).min(1) })
const agent = z.strictObject({ id: slug, name: words, user: setting, password: secret })

/** Whether the simulators stand in for what is on it, so that a building can be tried before all of it is there. */
const simulated = z.boolean().optional()

const modbusBus = z.strictObject({
  id: slug,
  name: words,
  agent: slug,
  protocol: z.literal('modbus-tcp'),
  host: setting,
  port: setting,
  simulated,
})
const mqttBus = z.strictObject({
  id: slug,
  name: words,
  agent: slug,
  protocol: z.literal('mqtt'),
  /** The field broker, which stands beside the agent; the uplink is another connection. */
  url: setting,
  /** The bus's own account there, not the agent's. */
  account: z.strictObject({ user: setting, password: secret }),
  simulated,
})
const bus = z.discriminatedUnion('protocol', [modbusBus, mqttBus])

/**
 * What makers' firmware does and our brokers otherwise refuse: a connection without keep-alive, a session that outlives it (what is
 * said meanwhile is told when it is back, up to a hundred messages), a client id that is not its user's name.
 */
export const mqttHabits = ['no-keep-alive', 'kept-session', 'any-client-id'] as const

const device = z.strictObject({
  id: slug,
  name: words,
  profile: slug,
  bus: slug,
  /** Modbus unit id. */
  unit: z.number().int().min(1).max(247).optional(),
  /** MQTT account and the prefix beneath which alone it may speak and listen. */
  account: z.strictObject({ user: setting, password: secret }).optional(),
  habits: z.array(z.enum(mqttHabits)).min(1).optional(),
  prefix: z
    .string()
    .regex(/^[a-z0-9-]+(\/[a-z0-9-]+)*$/, 'lower-case words separated by /')
    .optional(),
  /** Where it stands or what it serves: a floor, a zone, or a compartment; decides the place of its alarms. */
  place: slug.optional(),
  /**
   * The silence watchdog: an alarm when nothing new has come from it for `quietH` hours, or when `testPoint` has not been
   * seen on for `testD` days.
   */
  watch: z
    .strictObject({
      quietH: z.number().positive().max(8760).optional(),
      testPoint: pointKey.optional(),
      testD: z.number().positive().max(400).optional(),
    })
    .refine(w => (w.testPoint === undefined) === (w.testD === undefined), 'testPoint and testD belong together')
    .optional(),
  /** Why no linkage needs to cover it although its kind acts at a fire, such as a door that is no way out. */
  notAtFire: z.string().min(4).max(200).optional(),
  /** Where it differs from its bus: a real device among simulated ones, or the other way round. */
  simulated: z.boolean().optional(),
  /** What it feeds, device to device: plant -> AHU -> zone controller. */
  feeds: z.array(slug).default([]),
})
export type Device = z.infer<typeof device>

const linkage = z.strictObject({
  id: slug,
  name: words,
  device: slug,
  /**
   * Who carries it out. `agent`: Zhiban writes `value` to `point`; the start signal is what the device answers. `panel`: the fire panel
   * does it by wire; its start signal is seen when `point` reads `value`, and Zhiban only measures (design §4).
   */
  by: z.enum(['agent', 'panel']).default('agent'),
  point: pointKey,
  value: scalar,
  /** Which of two compartments prevails where they want different things of one point: 1 comes first. */
  rank: z.number().int().min(1).max(99).optional(),
  feedback: z.strictObject({ point: pointKey, value: scalar }),
  /** Trigger to start signal: 3 s (GB 50166-2019 4.1.3-1). */
  startLimitMs: z.number().int().positive().default(3000),
  feedbackLimitMs: z.number().int().positive(),
})
export type Linkage = z.infer<typeof linkage>

const compartment = z.strictObject({
  id: slug,
  name: words,
  zones: z.array(slug).min(1),
  /** Alarm devices: each is one independent witness; `match` is a prefix of point keys of the panel. */
  panel: slug,
  witnesses: z.array(pointKey).min(1),
  /** Points of the panel that must be true for "normal"; design §4. */
  panelNormal: z.strictObject({ point: pointKey, value: scalar }),
  /** So many independent devices within `windowS` of each other (GB 50116 4.1.6; why 60 s: edge-agent/README). */
  rule: z
    .strictObject({ independent: z.number().int().min(1).max(4), windowS: z.number().min(0).max(3600).default(60) })
    .default({ independent: 2, windowS: 60 }),
  include: z.array(slug).default([]),
  linkages: z.array(linkage).default([]),
})

/**
 * What must be so before something may run: while `unless` does not hold, each device's point is kept at `hold` on
 * level 5. `unless.point` is a key of the same device, or device/key of another.
 */
const interlock = z.strictObject({
  id: slug,
  name: words,
  devices: z.array(slug).min(1),
  point: pointKey,
  hold: scalar,
  rank: z.number().int().min(1).max(99).optional(),
  unless: z.strictObject({ point: z.string().max(90), equals: scalar }),
})
export type Interlock = z.infer<typeof interlock>

/** The point that an interlock waits for, in full, for one of its devices. */
export const conditionOf = (lock: Interlock, device: string): PointRef =>
  lock.unless.point.includes('/') ? lock.unless.point : refOf(device, lock.unless.point)

/**
 * While `when` is known to hold, the alarms of these devices (of these kinds, where some are named) are suppressed by design: seen, counted
 * and silent (ISA-18.2-2016 5.6). Level 1 never is, and what is not known suppresses nothing.
 */
const suppression = z.strictObject({
  id: slug,
  name: words,
  when: z.strictObject({ point: pointRef, equals: scalar }),
  devices: z.array(slug).min(1),
  kinds: z.array(alarmKind).min(1).optional(),
})
export type SiteSuppression = z.infer<typeof suppression>

/**
 * The site's own levels, the first that fits: of these kinds, devices or places, between two clock times. The edge mints the alarm with it. Fire stays
 * danger to life, whatever is written here.
 */
const levelRule = z.strictObject({
  kinds: z.array(alarmKind).min(1).optional(),
  devices: z.array(slug).min(1).optional(),
  places: z.array(slug).min(1).optional(),
  from: z
    .string()
    .regex(/^\d\d:\d\d$/)
    .optional(),
  to: z
    .string()
    .regex(/^\d\d:\d\d$/)
    .optional(),
  level: alarmLevel,
})
export type LevelRule = z.infer<typeof levelRule>

/**
 * How people are told who are not at a screen. `url` carries what is secret (account, key), and so does `secret`, with which some sign: both stand
 * in the environment.
 */
const channelBase = { id: slug, name: words, url: secret }
const perMinute = (most: number) => z.number().int().min(1).max(1000).default(most)
const channel = z.discriminatedUnion('kind', [
  z.strictObject({ ...channelBase, kind: z.literal('mail'), from: z.string().min(3).max(200), perMinute: perMinute(60) }),
  z.strictObject({ ...channelBase, kind: z.literal('wecom'), secret: secret.optional(), perMinute: perMinute(20) }),
  z.strictObject({ ...channelBase, kind: z.literal('dingtalk'), secret: secret.optional(), perMinute: perMinute(20) }),
  z.strictObject({ ...channelBase, kind: z.literal('feishu'), secret: secret.optional(), perMinute: perMinute(100) }),
  z.strictObject({ ...channelBase, kind: z.literal('webhook'), secret: secret.optional(), perMinute: perMinute(60) }),
])
export type SiteChannel = z.infer<typeof channel>

/**
 * Who is called for an emergency of this level, one after the other, until somebody has it: after so many seconds whoever is on duty this minute, who
 * leads the shift, those whom the plan names, or those at a post (`post:...`), by which channels.
 */
const callChain = z.strictObject({
  level: z.union([z.literal(1), z.literal(2)]),
  chain: z
    .array(
      z.strictObject({
        afterS: z.number().int().min(0).max(86_400),
        to: z.array(z.string().regex(/^(duty|plan|lead|post:[a-z0-9-]+)$/, 'duty, plan, lead or post:<id>')).min(1),
        by: z.array(slug).min(1),
      }),
    )
    .min(1)
    .max(10),
})
export type CallChain = z.infer<typeof callChain>

/** What the site adds to the guidance of its device types: of devices, of kinds of alarms, of all; and whom to telephone. */
const siteGuidance = guidance.extend({
  devices: z.array(slug).min(1).optional(),
  kinds: z.array(alarmKind).min(1).optional(),
  phones: z.array(z.strictObject({ name: words, phone: z.string().max(40) })).default([]),
})

const planStep = z.strictObject({
  text: words,
  owner: words,
  /** Clock of the step in seconds from the ticket's opening, or from `after` (the number of an earlier step). */
  withinS: z.number().int().positive().optional(),
  after: z.number().int().positive().optional(),
  source: z.string().max(60).optional(),
  /** Posts of the console that are told of it, by their id; `lead` is whoever leads the shift. */
  posts: z.array(slug).max(10).optional(),
})
const plan = z.strictObject({
  kind: z.enum(['fire', 'intrusion', 'typhoon']),
  level: alarmLevel,
  name: words,
  source: z.string().max(80),
  /** The whole document behind it, such as 《消防灭火组织方案》 (R68), beside the site file. */
  document: besideSiteFile(['pdf', 'png', 'jpg', 'jpeg']).optional(),
  contacts: z.array(z.strictObject({ name: words, phone: z.string().max(40) })).default([]),
  steps: z.array(planStep).min(1).max(40),
})
export type Plan = z.infer<typeof plan>

export const siteFile = z.strictObject({
  site: slug,
  name: words,
  demo: z.boolean().default(false),
  /** Nobody sets up, lets people in, and looks at what both have done: three posts, three persons. */
  separatePowers: z.boolean().default(false),
  timeZone: z.string().min(1),
  /** R41: the centre's own hours; the rest, and statutory holidays, is overtime. Weekends as C33 says. */
  centreHours: z.strictObject({
    from: z.string().regex(/^\d\d:\d\d$/),
    to: z.string().regex(/^\d\d:\d\d$/),
    weekend: z.enum(['centre', 'overtime']).default('centre'),
    /** Minutes by which the zones start before the hours begin; at most 3 h (ASHRAE Guideline 36). */
    preStartMin: z.number().int().min(0).max(180).default(0),
    /** The same before a booking begins; what runs before the booked time is never charged. */
    bookingPreStartMin: z.number().int().min(0).max(180).default(0),
  }),
  /** Zones that run round the clock and are never charged, such as the lobby. */
  alwaysOn: z.array(slug).default([]),
  floors: z.array(floor).min(1),
  zones: z.array(zone).default([]),
  units: z.array(unit).default([]),
  /** The console's MQTT account. */
  console: z.strictObject({ user: setting, password: secret }),
  agents: z.array(agent).min(1),
  buses: z.array(bus).min(1),
  devices: z.array(device).min(1),
  interlocks: z.array(interlock).default([]),
  suppressions: z.array(suppression).default([]),
  linkageSets: z.record(slug, z.array(linkage)).default({}),
  compartments: z.array(compartment).default([]),
  plans: z.array(plan).default([]),
  levels: z.array(levelRule).default([]),
  guidance: z.array(siteGuidance).default([]),
  channels: z.array(channel).default([]),
  calls: z.array(callChain).default([]),
})
export type Site = z.infer<typeof siteFile>
export type Compartment = z.infer<typeof compartment>

/** All linkages of a compartment: its own and those of the sets it includes. */
export const linkagesOf = (site: Site, c: Compartment): Linkage[] => [
  ...c.include.flatMap(set => site.linkageSets[set] ?? []),
  ...c.linkages,
]

/** Whether the simulators stand in for a device. */
export const isSimulatedDevice = (site: Site, device: Pick<Device, 'bus' | 'simulated'>): boolean =>
  device.simulated ?? site.buses.find(b => b.id === device.bus)?.simulated ?? false
