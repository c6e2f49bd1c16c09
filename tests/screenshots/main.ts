import { mkdirSync } from 'node:fs'
import type { CaseFull, CaseHead } from '#api/models/cases'
import { type Person, signIn } from '../harness/person.ts'
import { type Stack, startStack } from '../harness/stack.ts'
import { until } from '../harness/wait.ts'
import { folder, settle, shoot } from './camera.ts'
import { shootDesk } from './deskDay.ts'

/** `npm run screenshots [-- tower|month-end|desk]`: every page and printed form, in both languages and themes, at every size, into screenshots/. */
const at = (text: string) => Date.parse(`2026-11-21T${text}:00+08:00`)

const book = async (desk: Person, zone: string, from: string, to: string, upTo: 'quoted' | 'accepted' | 'signed') => {
  const stretch = { zone, from: at(from), to: at(to) }
  const { body: quote } = await desk.get<{ fen: number; tenant: string }>(
    `/overtime/quote?zone=${zone}&from=${stretch.from}&to=${stretch.to}`,
  )
  const { body } = await desk.post<CaseFull>('/cases', {
    procedure: 'overtime',
    form: { ...stretch, contact: '张伟', phone: '138 0000 2001', quotedFen: quote.fen },
  })
  if (upTo !== 'quoted') await desk.post(`/cases/${body.id}/acts/accept`, {})
  if (upTo === 'signed') await desk.post(`/cases/${body.id}/acts/sign`, { signature: '张伟' })
  return body
}

/** A believable evening: bookings in every state, a hold, a lost controller, a repair. */
const prepare = async (stack: Stack) => {
  const desk = await signIn(stack.url, 'frontdesk')
  const operator = await signIn(stack.url, 'operator')
  const first = await book(desk, 'f12-e', '19:00', '21:00', 'signed')
  await book(desk, 'f12-w', '19:00', '21:00', 'signed')
  await book(desk, 'f5-w', '19:00', '23:00', 'signed')
  await book(desk, 'f15-e', '19:30', '22:00', 'signed')
  await book(desk, 'f9-w', '20:00', '23:00', 'accepted')
  await book(desk, 'f14-w', '20:30', '22:00', 'quoted')
  await book(desk, 'f20-w', '22:00', '23:30', 'signed')
  await desk.post('/cases', {
    procedure: 'repair',
    urgent: true,
    form: { address: 'f7-e', content: '茶水间水龙头漏水，地面有积水', contact: '谢宁', phone: '138 0000 2014', kind: 'repair' },
  })
  await operator.post('/commands', {
    act: { kind: 'hold', point: 'zc-8w/on_cmd', value: true, level: 8, until: at('20:30') },
    reason: '换滤网后试机',
  })
  return first
}

/** An evening in under a minute, for a charge line that really ran. */
const shootCharges = async () => {
  const evening = await startStack({ at: '2026-11-21T18:30:00+08:00' })
  try {
    const desk = await signIn(evening.url, 'frontdesk')
    await book(desk, 'f12-e', '19:00', '20:00', 'signed')
    await book(desk, 'f5-w', '19:00', '20:30', 'signed')
    evening.pace(240)
    await until('both charge lines', async () => (await desk.get<unknown[]>('/charges?month=2026-11')).body.length === 2, 120_000)
    return await shoot(evening, 'month-end', [
      ['charges', 'supervisor', '/charges', async page => page.click('[data-charge] >> nth=0')],
    ])
  } finally {
    await evening.stop()
  }
}

/** The tower in the evening, and on fire. */
const shootTower = async () => {
  const stack = await startStack({ at: '2026-11-21T18:59:00+08:00' })
  let count = 0
  try {
    const booking = await prepare(stack)
    const api = await signIn(stack.url, 'supervisor')
    await stack.sim('PUT', '/devices/ahu-5/fault', { kind: 'silent' })
    await until(
      '19:00',
      async () =>
        ((await stack.sim('GET', '/devices/zc-11e')) as { points: { key: string; value: unknown }[] }).points.find(
          p => p.key === 'on_fb',
        )?.value === false,
      90_000,
    )
    const [repair] = (await api.get<CaseHead[]>('/cases?procedure=repair')).body
    count += await shoot(stack, 'calm', [
      ['overview', 'supervisor', '/overview', settle('.tower .z')],
      ['hold', 'supervisor', '/overview', async page => page.click('button.z >> nth=24')],
      ['alarms', 'supervisor', '/alarms', async page => page.keyboard.press('j')],
      ['overtime', 'supervisor', `/overtime/${booking.id}`, settle('[data-booking]')],
      ['booking', 'supervisor', '/overtime', async page => page.keyboard.press('n')],
      ['repair', 'supervisor', `/repair/${repair?.id}`, settle('[data-case]')],
      ['devices', 'supervisor', '/devices', settle('tbody tr')],
      ['engineering', 'supervisor', '/engineering', settle('[data-journal]')],
      ['demo', 'engineer', '/demo', settle('[data-sim-device]')],
      ['demo-device', 'engineer', '/demo/ahu-5', settle('[data-sim-point]')],
      ['device', 'supervisor', '/devices/ahu-3', settle('[data-point]')],
      ['device-lost', 'supervisor', '/devices/ahu-5', settle('[data-point]')],
      ['form', 'supervisor', `/form/${booking.id}`, settle('.paper')],
    ])
    await stack.sim('POST', '/scenarios/fire-floor-12?followAfterS=1')
    await until(
      'the linkages',
      async () => {
        const { body } = await api.get<CaseHead[]>('/cases?procedure=emergency')
        return body[0] && (await api.get<CaseFull>(`/cases/${body[0].id}`)).body.linkages.every(l => l.feedbackMs !== null)
      },
      40_000,
    )
    count += await shoot(stack, 'fire', [
      ['overview', 'supervisor', '/overview', settle('.tower .z')],
      ['alarms', 'supervisor', '/alarms', async page => page.keyboard.press('j')],
      ['emergency', 'supervisor', '/emergency', settle('[data-linkage]')],
    ])
    return count
  } finally {
    await stack.stop()
  }
}

const scenes: Record<string, () => Promise<number>> = { tower: shootTower, 'month-end': shootCharges, desk: shootDesk }
const wanted = process.argv.slice(2)
mkdirSync(folder, { recursive: true })
let count = 0
for (const [name, shootScene] of Object.entries(scenes))
  if (wanted.length === 0 || wanted.includes(name)) count += await shootScene()
process.stdout.write(`${count} pictures in ${folder}\n`)
