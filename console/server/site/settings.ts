import { z } from 'zod'
import type { Words } from '#contract/names'

/** The five manuals, each a kind of site. */
export const presets = {
  office: { zh: '写字楼（手册 000）', en: 'Office tower (manual 000)' },
  estate: { zh: '住宅小区（手册 001）', en: 'Estate (manual 001)' },
  residential: { zh: '住宅与大厦（手册 002）', en: 'Residential and tower (manual 002)' },
  butler: { zh: '管家服务（手册 003）', en: 'Butler service (manual 003)' },
  apartments: { zh: '人才公寓（手册 004）', en: 'Talent apartments (manual 004)' },
} as const satisfies Record<string, Words>
export type Preset = keyof typeof presets

const minutes = z.number().int().min(1).max(525_600).nullable()
const percent = z.number().min(0).max(100).nullable()
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)
const words = z.string().trim().max(200)

type Setting = {
  name: Words
  /** The conflict or time rule that makes it a site's own choice. */
  source: string
  unit: 'min' | '%' | 'h' | 'clock' | 'count' | 'text' | 'flag' | 'choice'
  schema: z.ZodType
  choices?: readonly { value: string; label: Words }[]
  /** What holds where no manual says anything; null means: this site has no such rule. */
  default: number | string | boolean | null
  /** What the manuals say, each for its own kind of site. */
  presets?: Partial<Record<Preset, number | string | boolean | null>>
}

const define = <T extends Record<string, Setting>>(settings: T): T => settings

/**
 * The points that the manuals leave to the site or differ in (C-numbers) and that a rule here reads, with their defaults. What
 * nothing reads is no setting (tests/unit/settings). Changes are audited.
 */
export const settings = define({
  'site-kind': {
    name: { zh: '适用手册', en: 'Manual of this site' },
    source: 'C31',
    unit: 'choice',
    schema: z.enum(Object.keys(presets) as [Preset, ...Preset[]]),
    choices: Object.entries(presets).map(([value, label]) => ({ value, label })),
    default: 'office',
    presets: Object.fromEntries(Object.keys(presets).map(p => [p, p])),
  },
  'complaint-limit': {
    name: { zh: '投诉解决或答复时限', en: 'Complaint solved or answered within' },
    source: 'C5, T22',
    unit: 'min',
    schema: minutes,
    default: null,
    presets: { estate: 1440 },
  },
  'complaint-pass-on': {
    name: { zh: '投诉转交时限', en: 'Complaint passed on within' },
    source: 'T28 (002 §4.6.2)',
    unit: 'min',
    schema: minutes,
    default: null,
  },
  'handover-goods': {
    name: { zh: '交接时当面验清的物品（顿号分隔）', en: 'Goods checked face to face at handover (separated by 、)' },
    source: 'R61 (2b 1.3)',
    unit: 'text',
    schema: words,
    default: '办公用品、通讯器材、资料、样板间钥匙',
  },
  'complaint-target': {
    name: { zh: '投诉内部目标', en: 'Complaint: internal target' },
    source: 'C5, C9',
    unit: 'min',
    schema: minutes,
    default: null,
  },
  'spot-report-limit': {
    name: { zh: '当场处理的投诉及结果报告时限', en: 'Complaint handled on the spot reported within' },
    source: 'C42, T23',
    unit: 'min',
    schema: minutes,
    default: null,
    presets: { apartments: 60 },
  },
  'collective-to-director': {
    name: { zh: '集体投诉报告管理处主任', en: 'Collective complaint to the director within' },
    source: 'T24',
    unit: 'min',
    schema: minutes,
    default: null,
    presets: { apartments: 15 },
  },
  'collective-to-company': {
    name: { zh: '集体投诉由主任报告公司', en: 'Collective complaint by the director to the company within' },
    source: 'T25',
    unit: 'min',
    schema: minutes,
    default: null,
    presets: { apartments: 120 },
  },
  'forwarded-report': {
    name: { zh: '公司转交投诉处理完毕后报告', en: 'Forwarded complaint: result reported after completion within' },
    source: 'T26',
    unit: 'min',
    schema: minutes,
    default: null,
    presets: { apartments: 720 },
  },
  'warn-share': {
    name: { zh: '时限过去多少时提醒（无内部目标时）', en: 'Warned when so much of a time has passed (no internal target)' },
    source: 'C5',
    unit: '%',
    schema: z.number().min(10).max(99),
    default: 75,
  },
  'escalate-after': {
    name: { zh: '超时多久后上报', en: 'Missed for so long: reported upwards' },
    source: 'C5',
    unit: 'min',
    schema: z.number().int().min(1).max(525_600),
    default: 30,
  },
  'urgent-response': {
    name: { zh: '急修到场时限', en: 'Urgent order: on the scene within' },
    source: 'C20',
    unit: 'min',
    schema: minutes,
    default: null,
  },
  'repair-visit-rate': {
    name: { zh: '维修回访率', en: 'Return visits of repairs' },
    source: 'C26, T31',
    unit: '%',
    schema: percent,
    default: null,
    presets: { office: 80 },
  },
  'complaint-visit-rate': {
    name: { zh: '投诉回访率', en: 'Return visits of complaints' },
    source: 'C26, T30',
    unit: '%',
    schema: percent,
    default: null,
    presets: { office: 100, apartments: 100 },
  },
  'repair-visits-with-overtime': {
    name: { zh: '回访基数含超时空调单', en: 'Overtime orders count for the visit rate' },
    source: 'C41',
    unit: 'flag',
    schema: z.boolean(),
    default: false,
  },
  'overtime-start-limit': {
    name: { zh: '超时空调启动时限', en: 'Overtime air confirmed to run within' },
    source: 'R41, C40',
    unit: 'min',
    schema: z.number().int().min(1).max(240),
    default: 10,
  },
  'overtime-sign-reminder': {
    name: { zh: '超时空调未签字，开始前多久提醒', en: 'Overtime air not signed: reminded before its start' },
    source: 'R41, C40',
    unit: 'min',
    schema: z.number().int().min(1).max(1440),
    default: 60,
  },
  'complaint-visits-by': {
    name: { zh: '投诉回访由谁做', en: 'Who pays the return visits of complaints' },
    source: 'C18',
    unit: 'choice',
    schema: z.enum(['either', 'front-desk', 'supervisor']),
    choices: [
      { value: 'either', label: { zh: '事务助理或客户关系主管', en: 'assistant or supervisor' } },
      { value: 'front-desk', label: { zh: '事务助理（前台）', en: 'assistant (front desk)' } },
      { value: 'supervisor', label: { zh: '客户关系主管', en: 'supervisor' } },
    ],
    default: 'either',
  },
  'customer-visits': {
    name: { zh: '每月走访客户数（不含回访、不重复）', en: 'Customers to visit each month (no return visits, each once)' },
    source: 'T35',
    unit: 'count',
    schema: z.number().int().min(1).max(1000).nullable(),
    default: null,
  },
  'phone-rings': {
    name: { zh: '电话铃声', en: 'Rings of the phone' },
    source: 'C7, T1, T2',
    unit: 'count',
    schema: z.number().int().min(1).max(10).nullable(),
    default: null,
    presets: { office: 3, estate: 2 },
  },
  'service-from': {
    name: { zh: '服务时间起', en: 'Service hours from' },
    source: 'T73',
    unit: 'clock',
    schema: clock,
    default: '08:30',
    presets: { apartments: '08:30' },
  },
  'service-to': {
    name: { zh: '服务时间止', en: 'Service hours to' },
    source: 'T73',
    unit: 'clock',
    schema: clock,
    default: '17:30',
    presets: { apartments: '17:30' },
  },
  'night-from': {
    name: { zh: '消防中心接听起', en: 'Fire centre answers from' },
    source: 'C6, T73',
    unit: 'clock',
    schema: clock,
    default: '21:00',
    presets: { apartments: '21:00' },
  },
  'gap-answered-by': {
    name: { zh: '服务时间与夜间之间由谁接听', en: 'Who answers between service hours and night' },
    source: 'C6',
    unit: 'text',
    schema: words,
    default: '',
  },
  'week-summary-day': {
    name: {
      zh: '维修周汇总日（1 周一 … 7 周日；空为每周最后一个工作日）',
      en: "Weekly repair summary on (1 Monday … 7 Sunday; empty: the week's last working day)",
    },
    source: 'C19, T56',
    unit: 'count',
    schema: z.number().int().min(1).max(7).nullable(),
    default: null,
  },
  'rest-day-shift': {
    name: { zh: '月末日期遇休息日', en: 'When a date of the month is a rest day' },
    source: 'C11',
    unit: 'choice',
    schema: z.enum(['none', 'before', 'after']),
    choices: [
      { value: 'none', label: { zh: '不变', en: 'stays' } },
      { value: 'before', label: { zh: '提前到工作日', en: 'moves to the workday before' } },
      { value: 'after', label: { zh: '推后到工作日', en: 'moves to the workday after' } },
    ],
    default: 'none',
  },
  'handover-carries': {
    name: { zh: '未完事项写明原因后可交班', en: 'Open matters may be handed over with their reason' },
    source: 'C8',
    unit: 'flag',
    schema: z.boolean(),
    default: true,
  },
  // R61 (2b 2.4): "a major or urgent event is not finished"; which matters are such events the manual leaves open. Emergencies always are.
  'handover-ban-major': {
    name: { zh: '重大投诉未处理完不得交班', en: 'No handover while a major complaint is not handled' },
    source: 'R61 (2b 2.4)',
    unit: 'flag',
    schema: z.boolean(),
    default: true,
  },
  'handover-ban-collective': {
    name: { zh: '集体投诉未处理完不得交班', en: 'No handover while a collective complaint is not handled' },
    source: 'R61 (2b 2.4)',
    unit: 'flag',
    schema: z.boolean(),
    default: true,
  },
  'handover-ban-serious': {
    name: { zh: '重大维修未完成不得交班', en: 'No handover while a serious repair is not done' },
    source: 'R61 (2b 2.4)',
    unit: 'flag',
    schema: z.boolean(),
    default: true,
  },
  // Orders that an alarm opens are marked urgent by themselves: a night without spare parts would never end.
  'handover-ban-urgent': {
    name: { zh: '急修未完成不得交班', en: 'No handover while an urgent repair is not done' },
    source: 'R61 (2b 2.4)',
    unit: 'flag',
    schema: z.boolean(),
    default: false,
  },
  'own-statement': {
    name: { zh: '被投诉员工本人写情况说明', en: 'An employee who is complained of writes his own account' },
    source: 'C23',
    unit: 'flag',
    schema: z.boolean(),
    default: true,
    presets: { butler: false },
  },
  'holiday-duty': {
    name: { zh: '法定节假日日班值班人数', en: 'On duty by day on statutory holidays, at least' },
    source: 'T69',
    unit: 'count',
    schema: z.number().int().min(1).max(50).nullable(),
    default: null,
  },
  'record-check-share': {
    name: { zh: '值班记录每月抽查', en: 'Duty records checked each month' },
    source: 'T72',
    unit: '%',
    schema: percent,
    default: null,
    presets: { apartments: 20 },
  },
  'key-customers': {
    name: { zh: '重点客户', en: 'Key customers' },
    source: 'C21',
    unit: 'text',
    schema: words,
    default: '',
  },
})
export type SettingKey = keyof typeof settings
export const settingKeys = Object.keys(settings) as SettingKey[]
export type SettingValue = number | string | boolean | null

/** What a site of this kind starts with. */
export const presetValue = (key: SettingKey, preset: Preset): SettingValue => {
  const s: Setting = settings[key]
  return s.presets && preset in s.presets ? (s.presets[preset] ?? null) : s.default
}
