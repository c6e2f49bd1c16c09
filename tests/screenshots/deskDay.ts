import type { Page } from 'playwright-core'
import type { CaseFull } from '#api/models/cases'
import type { DutyView } from '#api/models/duties'
import { signIn } from '../harness/person.ts'
import { startStack } from '../harness/stack.ts'
import { until } from '../harness/wait.ts'
import { settle, shoot } from './camera.ts'

const names = ['李娜', '王建国', '何敏']

/** A working afternoon at the desk: calls, orders, complaints, visits, rosters, registers, the handover and their papers. */
export const shootDesk = async (): Promise<number> => {
  const stack = await startStack({ at: '2026-11-27T16:30:00+08:00' })
  try {
    const desk = await signIn(stack.url, 'frontdesk')
    const head = await signIn(stack.url, 'supervisor')
    const boss = await signIn(stack.url, 'manager')
    const engineer = await signIn(stack.url, 'engineer')
    const open = async (procedure: string, form: object, urgent = false, by = desk) => {
      const { body } = await by.post<CaseFull>('/cases', { procedure, form, urgent })
      if (!body.id) throw new Error(`${procedure}: ${JSON.stringify(body)}`)
      return body
    }
    const act = (who: typeof desk, c: CaseFull, verb: string, said: object = {}) => who.post(`/cases/${c.id}/acts/${verb}`, said)
    for (const [key, value] of [
      ['complaint-limit', 1440],
      ['urgent-response', 30],
      ['phone-rings', 3],
    ] as const)
      await boss.call('PUT', `/settings/${key}`, { value, reason: '本站规定' })
    const order = (address: string, content: string, contact: string, urgent = false) =>
      open('repair', { address, content, contact, phone: '138 0000 2014', kind: 'repair' }, urgent)
    const tap = await order('f7-e', '茶水间水龙头漏水，地面有积水', '谢宁', true)
    await act(desk, tap, 'assign', { handler: '周强' })
    await act(engineer, tap, 'accept')
    await desk.post(`/cases/${tap.id}/notes`, { note: '客户来电催过一次，已告知 17:00 前到' })
    const lamp = await order('f9-w', '走廊灯不亮两盏', '苏晴')
    await act(engineer, lamp, 'defer', { reason: '等灯管，明日上午到货' })
    const lock = await order('f5-w', '会议室门锁打不开', '陈立')
    await act(engineer, lock, 'accept')
    await act(engineer, lock, 'finish', { result: '换锁芯一只', handler: '周强' })
    const complain = (address: string, content: string, category: string, more: object = {}) =>
      open('complaint', { address, content, category, contact: '陈立', phone: '138 0000 2003', way: 'phone', ...more })
    const noise = await complain('f5-w', '会议室空调噪音大', 'equipment')
    await act(desk, noise, 'pass-on', { department: 'engineering', handler: '周强', opinion: '请查风机轴承' })
    await complain('f5-w', '空调又有噪音', 'equipment')
    const stuck = await complain('f12-e', '电梯困人十分钟', 'equipment', { major: true })
    const question = await open('enquiry', {
      contact: '陈立',
      phone: '138 0000 2003',
      company: '启衡会计师事务所',
      address: 'f5-w',
      kind: 'wish',
      category: 'fees',
      content: '周末能否加装一道门禁',
    })
    const visit = await open('return-visit', {
      subject: '季度走访',
      about: 'visit',
      address: 'f12-e',
      contact: '张伟',
      phone: '138 0000 2001',
    })
    for (const [register, form] of [
      [
        'phone-record',
        {
          phone: '138 0000 2008',
          answer: 'in-time',
          contact: '苏晴',
          company: '白榆设计工作室',
          place: 'f9-w',
          matter: '询问周末停车收费',
          outcome: '已答复',
        },
      ],
      ['phone-record', { phone: '139 0000 1111', answer: 'missed', matter: '未接来电，已回拨无人' }],
      ['duty-record', { matter: '巡查大堂、车库与屋面，正常', outcome: '正常' }],
      ['duty-record', { matter: '3 号电梯异响，已报维保', outcome: '维保 17:00 到' }],
      ['visit-register', { contact: '刘洋', company: '快印店', place: 'f12-e', matter: '送样', outcome: '已引导' }],
    ] as const)
      await desk.post(`/registers/${register}/entries`, { form })
    const roster = await open('roster', { month: '2026-12', department: 'customer-service' }, false, head)
    const turns = (month: string, days: number, shifts: readonly string[]) =>
      Array.from({ length: days }, (_, i) =>
        shifts.map((shift, k) => ({ date: `${month}-${String(i + 1).padStart(2, '0')}`, shift, person: names[(i + k) % 3] })),
      ).flat()
    await head.call('PUT', `/rosters/${roster.id}/shifts`, {
      revision: 0,
      shifts: turns('2026-12', 31, ['day', 'evening', 'night']),
    })
    const running = await open('roster', { month: '2026-11', department: 'customer-service' }, false, head)
    await head.call('PUT', `/rosters/${running.id}/shifts`, { revision: 0, shifts: turns('2026-11', 30, ['day']) })
    await act(head, running, 'submit')
    await act(boss, running, 'approve')
    const handover = await open('handover', { shift: 'day', incoming: '何敏', notes: '17:00 维保到场，请陪同' })
    const report = (await desk.get<CaseFull>(`/cases/${stuck.id}`)).body.links[0]
    const duty = await until('the duty of the day', async () =>
      (await head.get<DutyView[]>('/duties?from=2026-11-27&to=2026-11-27')).body.find(d => d.routine === 'repair-week'),
    )
    const caller = async (page: Page) => {
      await page.fill('input[name=caller]', '2003')
      await page.waitForSelector('[data-caller]')
      await page.keyboard.press('Enter')
      await page.click('[data-what="complaint"]')
    }
    const look = async (page: Page) => {
      await page.fill('input[name=q]', 'kt')
      await page.waitForSelector('[data-found]')
    }
    const papers = [tap, noise, visit, question, handover, running, { ...noise, id: report?.id ?? '', procedure: 'corrective' }]
    const desktop = await shoot(stack, 'desk', [
      ['today', 'supervisor', '/', settle('[data-duty-panel]')],
      ['today-frontdesk', 'frontdesk', '/', settle('main table')],
      ['call', 'frontdesk', '/call', caller],
      ['repair', 'engineer', `/repair/${tap.id}`, settle('[data-case]')],
      ['complaint', 'supervisor', `/complaint/${noise.id}`, settle('[data-case]')],
      ['complaint-new', 'frontdesk', '/complaint', async page => page.click('[data-create]')],
      ['visit', 'frontdesk', `/return-visit/${visit.id}`, settle('[data-case]')],
      ['enquiry', 'frontdesk', `/enquiry/${question.id}`, settle('[data-case]')],
      ['corrective', 'manager', `/corrective/${report?.id}`, settle('[data-case]')],
      ['handover', 'frontdesk', `/handover/${handover.id}`, settle('[data-item]')],
      ['roster', 'supervisor', `/roster/${roster.id}`, settle('[data-roster]')],
      ['registers', 'manager', '/registers/duty-record', settle('[data-entry]')],
      ['calendar', 'manager', '/calendar', settle('[data-day]')],
      ['settings', 'manager', '/settings', settle('[data-setting]')],
      ['staff', 'admin', '/staff', async page => page.click('[data-account="guard"] button')],
      ['tenants', 'frontdesk', '/tenants', async page => page.click('[data-tenant="qiheng"] button')],
      ['units', 'frontdesk', '/units', async page => page.click('[data-unit] button')],
      ['prices', 'manager', '/prices', async page => page.click('[data-price] button')],
      ['moving-in', 'manager', '/moving-in', settle('[data-step]')],
      ['audit', 'manager', '/audit', settle('main table tbody tr')],
      ['search', 'frontdesk', '/search', look],
      ['report', 'supervisor', `/report/${duty.id}`, settle('[data-report-figures]')],
      ['sheet', 'manager', '/sheet/phone-record', settle('[data-sheet]')],
      ...papers.map(c => [`form-${c.procedure}`, 'manager', `/form/${c.id}`, settle('.copy table')] as const),
      ['slip-complaint', 'manager', `/form/${noise.id}`, async page => page.click('[data-slip]')],
    ])
    const phone = await shoot(
      stack,
      'phone',
      [
        ['today', 'engineer', '/', settle('main table')],
        ['orders', 'engineer', '/repair', settle('main table')],
        ['repair', 'engineer', `/repair/${tap.id}`, settle('[data-case]')],
        ['finish', 'engineer', `/repair/${tap.id}`, async page => page.click('[data-verb="finish"]')],
      ],
      'phone',
    )
    return desktop + phone
  } finally {
    await stack.stop()
  }
}
