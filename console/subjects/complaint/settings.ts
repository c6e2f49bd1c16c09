import { z } from 'zod'
import { minutes, percent, serviceHours, setting } from '../../server/site/settings.ts'

export const complaintLimit = setting({
  key: 'complaint-limit',
  name: { zh: '投诉解决或答复时限', en: 'Complaint solved or answered within' },
  source: 'C5, T22',
  unit: 'min',
  schema: minutes,
  default: null,
  presets: { estate: 1440 },
})
export const complaintCounts = setting({
  key: 'complaint-counts',
  name: { zh: '投诉解决或答复时限怎么计', en: 'Time to solve or answer a complaint counts' },
  source: 'C5, R65',
  unit: 'choice',
  schema: z.enum(['always', serviceHours]),
  choices: [
    { value: 'always', label: { zh: '每分钟都计', en: 'every minute' } },
    { value: serviceHours, label: { zh: '只计工作日的服务时间', en: 'the hours of service on working days' } },
  ],
  default: 'always',
})
export const complaintPassOn = setting({
  key: 'complaint-pass-on',
  name: { zh: '投诉转交时限', en: 'Complaint passed on within' },
  source: 'T28 (002 §4.6.2)',
  unit: 'min',
  schema: minutes,
  default: null,
})
export const complaintTarget = setting({
  key: 'complaint-target',
  name: { zh: '投诉内部目标', en: 'Complaint: internal target' },
  source: 'C5, C9',
  unit: 'min',
  schema: minutes,
  default: null,
})
export const spotReportLimit = setting({
  key: 'spot-report-limit',
  name: { zh: '当场处理的投诉及结果报告时限', en: 'Complaint handled on the spot reported within' },
  source: 'C42, T23',
  unit: 'min',
  schema: minutes,
  default: null,
  presets: { apartments: 60 },
})
export const collectiveToDirector = setting({
  key: 'collective-to-director',
  name: { zh: '集体投诉报告管理处主任', en: 'Collective complaint to the director within' },
  source: 'T24',
  unit: 'min',
  schema: minutes,
  default: null,
  presets: { apartments: 15 },
})
export const collectiveToCompany = setting({
  key: 'collective-to-company',
  name: { zh: '集体投诉由主任报告公司', en: 'Collective complaint by the director to the company within' },
  source: 'T25',
  unit: 'min',
  schema: minutes,
  default: null,
  presets: { apartments: 120 },
})
export const forwardedReport = setting({
  key: 'forwarded-report',
  name: { zh: '公司转交投诉处理完毕后报告', en: 'Forwarded complaint: result reported after completion within' },
  source: 'T26',
  unit: 'min',
  schema: minutes,
  default: null,
  presets: { apartments: 720 },
})
export const complaintVisitRate = setting({
  key: 'complaint-visit-rate',
  name: { zh: '投诉回访率', en: 'Return visits of complaints' },
  source: 'C26, T30',
  unit: '%',
  schema: percent,
  default: null,
  presets: { office: 100, apartments: 100 },
})
// R61 (2b 2.4): "a major or urgent event is not finished"; which matters are such events the manual leaves open. Emergencies always are.
export const handoverBanMajor = setting({
  key: 'handover-ban-major',
  name: { zh: '重大投诉未处理完不得交班', en: 'No handover while a major complaint is not handled' },
  source: 'R61 (2b 2.4)',
  unit: 'flag',
  schema: z.boolean(),
  default: true,
})
export const handoverBanCollective = setting({
  key: 'handover-ban-collective',
  name: { zh: '集体投诉未处理完不得交班', en: 'No handover while a collective complaint is not handled' },
  source: 'R61 (2b 2.4)',
  unit: 'flag',
  schema: z.boolean(),
  default: true,
})
export const ownStatement = setting({
  key: 'own-statement',
  name: { zh: '被投诉员工本人写情况说明', en: 'An employee who is complained of writes his own account' },
  source: 'C23',
  unit: 'flag',
  schema: z.boolean(),
  default: true,
  presets: { butler: false },
})
export const complaintsInDutyRecord = setting({
  key: 'complaints-in-duty-record',
  name: { zh: '投诉和处理结果自动记入值班记录表', en: 'Complaints and what came of them go into the duty record' },
  source: 'R24 (004 P3-1.5)',
  unit: 'flag',
  schema: z.boolean(),
  default: false,
  presets: { apartments: true },
})
