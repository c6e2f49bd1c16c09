import { z } from 'zod'
import { type Preset, presetIds, presets } from '#api/manuals'
import type { Words } from '#contract/names'

export type SettingValue = number | string | boolean | null
/** A point that the manuals leave to the site or differ in (C-numbers). It exists only where a rule reads it (tests/unit/settings). */
export type Setting = {
  key: string
  name: Words
  /** The conflict or time rule that makes it a site's own choice. */
  source: string
  unit: 's' | 'min' | '%' | 'h' | 'clock' | 'count' | 'text' | 'flag' | 'choice'
  schema: z.ZodType
  choices?: readonly { value: string; label: Words }[]
  /** What holds where no manual says anything; null means: this site has no such rule. */
  default: SettingValue
  /** What the manuals say, each for its own kind of site. */
  presets?: Partial<Record<Preset, SettingValue>>
}

export const setting = (s: Setting): Setting => s
/** What several settings may be. */
export const minutes = z.number().int().min(1).max(525_600).nullable()
export const percent = z.number().min(0).max(100).nullable()
const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/)
export const words = z.string().trim().max(200)
/** Months by their numbers, as people write a list; none at all is nothing at a fixed time. */
export const monthNumbers = z.string().regex(/^(([1-9]|1[0-2])([,，、 ]+([1-9]|1[0-2]))*)?$/)

/** What a site of this kind starts with. */
export const presetValue = (s: Setting, preset: Preset): SettingValue =>
  s.presets && preset in s.presets ? (s.presets[preset] ?? null) : s.default

export const siteKind = setting({
  key: 'site-kind',
  name: { zh: '适用手册', en: 'Manual of this site' },
  source: 'C31',
  unit: 'choice',
  schema: z.enum(presetIds),
  choices: Object.entries(presets).map(([value, label]) => ({ value, label })),
  default: 'office',
  presets: Object.fromEntries(presetIds.map(p => [p, p])),
})
export const warnShare = setting({
  key: 'warn-share',
  name: { zh: '时限过去多少时提醒（无内部目标时）', en: 'Warned when so much of a time has passed (no internal target)' },
  source: 'C5',
  unit: '%',
  schema: z.number().min(10).max(99),
  default: 75,
})
export const escalateAfter = setting({
  key: 'escalate-after',
  name: { zh: '超时多久后上报', en: 'Missed for so long: reported upwards' },
  source: 'C5',
  unit: 'min',
  schema: z.number().int().min(1).max(525_600),
  default: 30,
})
export const serviceFrom = setting({
  key: 'service-from',
  name: { zh: '服务时间起', en: 'Service hours from' },
  source: 'T73',
  unit: 'clock',
  schema: clock,
  default: '08:30',
  presets: { apartments: '08:30' },
})
export const serviceTo = setting({
  key: 'service-to',
  name: { zh: '服务时间止', en: 'Service hours to' },
  source: 'T73',
  unit: 'clock',
  schema: clock,
  default: '17:30',
  presets: { apartments: '17:30' },
})
export const nightFrom = setting({
  key: 'night-from',
  name: { zh: '消防中心接听起', en: 'Fire centre answers from' },
  source: 'C6, T73',
  unit: 'clock',
  schema: clock,
  default: '21:00',
  presets: { apartments: '21:00' },
})
export const gapAnsweredBy = setting({
  key: 'gap-answered-by',
  name: { zh: '服务时间与夜间之间由谁接听', en: 'Who answers between service hours and night' },
  source: 'C6',
  unit: 'text',
  schema: words,
  default: '',
})
export const weekSummaryDay = setting({
  key: 'week-summary-day',
  name: {
    zh: '维修周汇总日（1 周一 … 7 周日；空为每周最后一个工作日）',
    en: "Weekly repair summary on (1 Monday … 7 Sunday; empty: the week's last working day)",
  },
  source: 'C19, T56',
  unit: 'count',
  schema: z.number().int().min(1).max(7).nullable(),
  default: null,
})
export const restDayShift = setting({
  key: 'rest-day-shift',
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
})
/** What a setting says of a clock that runs in the hours of service alone. */
export const serviceHours = 'service'
/** What `noticeDays` says of days that are working days. */
export const workingDays = 'working'
export const noticeDays = setting({
  key: 'notice-days',
  name: { zh: '“提前几天”按什么天数', en: 'Days of notice are' },
  source: 'C35, C36',
  unit: 'choice',
  schema: z.enum(['calendar', workingDays]),
  choices: [
    { value: 'calendar', label: { zh: '日历日', en: 'calendar days' } },
    { value: workingDays, label: { zh: '工作日', en: 'working days' } },
  ],
  default: 'calendar',
})
export const phoneRings = setting({
  key: 'phone-rings',
  name: { zh: '电话铃声', en: 'Rings of the phone' },
  source: 'C7, T1, T2',
  unit: 'count',
  schema: z.number().int().min(1).max(10).nullable(),
  default: null,
  presets: { office: 3, estate: 2 },
})
export const keyCustomers = setting({
  key: 'key-customers',
  name: { zh: '重点客户', en: 'Key customers' },
  source: 'C21',
  unit: 'text',
  schema: words,
  default: '',
})
/** Where customers telephone from what they see by their own links. */
export const deskTelephone = setting({
  key: 'desk-telephone',
  name: { zh: '前台电话（客户链接上可拨）', en: "The desk's telephone, as customers' links show it" },
  source: 'R3',
  unit: 'text',
  schema: words,
  default: '',
})

export const backupAt = setting({
  key: 'backup-at',
  name: { zh: '每夜备份时间', en: 'Nightly backup at' },
  source: 'GB 25506 6',
  unit: 'clock',
  schema: clock,
  default: '03:00',
})
export const backupsKept = setting({
  key: 'backups-kept',
  name: { zh: '保留备份份数（空为不自动备份）', en: 'Backups kept (empty: none are made by themselves)' },
  source: 'GB 25506 6',
  unit: 'count',
  schema: z.number().int().min(1).max(400).nullable(),
  default: 14,
})

export const personalKeptCases = setting({
  key: 'personal-kept-cases',
  name: {
    zh: '事项办结多少天后清除客户姓名电话（空为不清除）',
    en: 'Days after a case has ended until names and numbers are erased (empty: never)',
  },
  source: 'PIPL 19',
  unit: 'count',
  schema: z.number().int().min(30).max(36_500).nullable(),
  default: null,
})
export const personalKeptEntries = setting({
  key: 'personal-kept-entries',
  name: {
    zh: '登记多少天后清除客户姓名电话（空为不清除）',
    en: 'Days after an entry until names and numbers are erased (empty: never)',
  },
  source: 'PIPL 19',
  unit: 'count',
  schema: z.number().int().min(30).max(36_500).nullable(),
  default: null,
})
export const personalKeptTenants = setting({
  key: 'personal-kept-tenants',
  name: {
    zh: '客户搬离多少天后清除其联系人（空为不清除）',
    en: 'Days after a customer has moved out until his contacts are erased (empty: never)',
  },
  source: 'PIPL 19',
  unit: 'count',
  schema: z.number().int().min(30).max(36_500).nullable(),
  default: null,
})
export const attachmentsKept = setting({
  key: 'attachments-kept',
  name: {
    zh: '事项办结多少天后清除附件（空为不清除）',
    en: 'Days after a case has ended until its attachments are erased (empty: never)',
  },
  source: 'PIPL 19',
  unit: 'count',
  schema: z.number().int().min(30).max(36_500).nullable(),
  default: null,
})
export const exportsADay = setting({
  key: 'exports-a-day',
  name: { zh: '每人每天最多导出多少份表', en: 'Tables that one person may take out in a day' },
  source: 'R1',
  unit: 'count',
  schema: z.number().int().min(1).max(10_000).nullable(),
  default: 50,
})

/** What the site settles for the whole desk; each subject has its own besides. */
export const siteSettings: readonly Setting[] = [
  siteKind,
  warnShare,
  escalateAfter,
  serviceFrom,
  serviceTo,
  nightFrom,
  gapAnsweredBy,
  weekSummaryDay,
  restDayShift,
  noticeDays,
  phoneRings,
  keyCustomers,
  deskTelephone,
  backupAt,
  backupsKept,
  exportsADay,
  personalKeptCases,
  personalKeptEntries,
  personalKeptTenants,
  attachmentsKept,
]
