import { join } from 'node:path'
import type { CaseHead } from '#api/models/cases'
import { openConnection } from '#store/sqlite'
import { searchTextOf } from '../../console/server/search/searchText.ts'
import { procedures } from '../harness/manual.ts'
import { signIn } from '../harness/person.ts'
import { startStack } from '../harness/stack.ts'
import { stolen } from './load.ts'
import { percentile } from './percentile.ts'

/** `own`: no CPU time was stolen from this machine meanwhile. */
type Sample = { ms: number; own: boolean }

/**
 * `npm run bench:desk [CASES] [SAMPLES]`: the service desk over many years of books (200,000 cases, ten entries of history
 * each): lists, search, "my day" and adding a case, on the demo tower with its live values going on.
 */
const cases = Number(process.argv[2] ?? 200_000)
const entriesEach = 10
const samples = Number(process.argv[3] ?? 200)
/** Not measured: a console that has been running for a minute has compiled this long ago. */
const warmUps = 10
const readLimitMs = 200
const addLimitMs = 20
/** Somebody waits for a year of a desk, with a page that goes on meanwhile. */
const yearLimitMs = 2000
const day = 86_400_000

const words = ['龙头漏水', '灯不亮', '空调不冷', '门禁读卡慢', '电梯等候久', '会议室噪音', '地面有积水', '插座没电']
const tenants = ['ruifeng', 'hengyu', 'qiheng', 'mingchuan', 'heguang', 'chenghai', 'yunfan', 'baiyu', 'huinuo', 'qinghe']
const places = ['f12-e', 'f16-w', 'f5-w', 'f6-w', 'f15-e', 'f18-e', 'f3-e', 'f9-w', 'f20-w', 'f14-w']

const quote = (s: string) => `'${s.replaceAll("'", "''")}'`

/** Old books, written straight into the file while the console is not running; all but one in five hundred are closed. */
const fill = async (file: string, now: number) => {
  const raw = await openConnection(file)
  await raw.exec('pragma synchronous = off; pragma journal_mode = wal')
  const begun = Date.now()
  for (let from = 0; from < cases; from += 1000) {
    const files: string[] = []
    const index: string[] = []
    const history: string[] = []
    for (let i = from; i < Math.min(cases, from + 1000); i++) {
      const id = `00B${String(i).padStart(23, '0')}`
      const at = now - Math.floor(((cases - i) / cases) * 3000 * day)
      const date = new Date(at).toISOString().slice(0, 10).replaceAll('-', '')
      const number = `${i % 3 === 0 ? 'TS' : 'WX'}-${date}-${i}`
      const procedure = i % 3 === 0 ? 'complaint' : 'repair'
      const content = `${words[i % words.length]} ${i}`
      const place = places[i % places.length] as string
      const phone = `138 ${String(1000 + (i % 9000))} ${String(i % 10_000).padStart(4, '0')}`
      const form = JSON.stringify({
        address: place,
        content,
        contact: '苏晴',
        phone,
        kind: 'repair',
        category: 'equipment',
        way: 'phone',
      })
      const open = i % 500 === 499
      const state = open ? (procedure === 'repair' ? 'sent' : 'handling') : procedure === 'repair' ? 'done' : 'closed'
      files.push(
        `(${quote(id)},'${procedure}',${procedures.find(p => p.id === procedure)?.version},'${number}','${state}','${place}','${tenants[i % tenants.length]}','李娜',${at},${at},${open ? 'null' : at + 3_600_000},0,${quote(form)},'{}',0,${open ? at + day : 'null'},null)`,
      )
      index.push(
        `(${quote(id)},'${procedure}','${number}',${at},${quote(searchTextOf([number, content, '苏晴', phone, place]))})`,
      )
      for (let n = 1; n <= entriesEach; n++) {
        history.push(`(${quote(id)},${n},${at + n},'李娜',null,'10.0.0.7','${n === 1 ? 'open' : 'note'}',null,null,'x','{}')`)
      }
    }
    await raw.exec(
      [
        'begin',
        `insert into case_file (id,procedure,version,number,state,place,tenant,owner,opened_at,changed_at,ended_at,urgent,form_json,facts_json,revision,due_at,warn_at) values ${files.join(',')}`,
        `insert into search_index values ${index.join(',')}`,
        `insert into history values ${history.join(',')}`,
        'commit',
      ].join(';'),
    )
  }
  await raw.exec('pragma wal_checkpoint(truncate)')
  await raw.close()
  process.stdout.write(
    `${cases} cases, ${cases * entriesEach} entries of history written in ${Math.round((Date.now() - begun) / 1000)} s\n`,
  )
}

const now = Date.parse('2026-11-20T10:00:00+08:00')
const stack = await startStack({ at: new Date(now).toISOString(), env: { ZHIBAN_LOG: 'warn' } })
let failed = false
try {
  await stack.kill('console', 'SIGTERM')
  await fill(join(stack.data, 'console', 'books.db'), now)
  await stack.start('console')
  const head = await signIn(stack.url, 'supervisor')
  const desk = await signIn(stack.url, 'frontdesk')
  await head.listen(['ahu-1/sat', 'zc-9w/temp', 'plant/chws'])
  /** Longest time between two messages of the live connection, ms. */
  const valueGap = async (during: () => Promise<unknown>) => {
    let last = performance.now()
    let longest = 0
    const heard = () => {
      longest = Math.max(longest, performance.now() - last)
      last = performance.now()
    }
    head.socket?.on('news', heard)
    await during()
    head.socket?.off('news', heard)
    return longest
  }
  const timed = async (act: (i: number) => Promise<{ status: number }>, times = samples) => {
    for (let i = 0; i < warmUps; i++) await act(i)
    const list: Sample[] = []
    for (let i = 0; i < times; i++) {
      const before = stolen()
      const begun = performance.now()
      const { status } = await act(i)
      if (status !== 200) throw new Error(`status ${status}`)
      list.push({ ms: performance.now() - begun, own: stolen() === before })
    }
    return list
  }
  const wishes = ['龙头漏水', 'loushui', 'dbl', '138 1234', 'WX-2023', '苏晴 灯', 'nothing-of-this', '199999']
  const dateOf = (at: number) => new Date(at).toISOString().slice(0, 10)
  const lastDays = (n: number) => `from=${dateOf(now - n * day)}&to=${dateOf(now)}`
  const form = { address: 'f9-w', content: '灯不亮', contact: '苏晴', phone: '138', kind: 'repair' }
  const work: [string, number, () => Promise<Sample[]>][] = [
    // What this machine takes for nothing at all, beside which the others are to be read.
    ['a request that asks for nothing', readLimitMs, () => timed(() => fetch(`${stack.url}/healthz`))],
    ['list of repairs, newest first', readLimitMs, () => timed(() => head.get('/cases?procedure=repair&limit=200'))],
    ['list of open repairs', readLimitMs, () => timed(() => head.get('/cases?procedure=repair&open=true'))],
    ['my day', readLimitMs, () => timed(() => head.get('/my-day'))],
    // About 1,350 repairs and as many clocks.
    ['figures of a month', readLimitMs, () => timed(() => head.get(`/case-figures?procedure=repair&${lastDays(30)}`))],
    ['figures of a year', yearLimitMs, () => timed(() => head.get(`/case-figures?procedure=repair&${lastDays(365)}`), 20)],
    ['search', readLimitMs, () => timed(i => head.get(`/search?q=${encodeURIComponent(wishes[i % wishes.length] ?? '')}`))],
    ['last five matters of a caller', readLimitMs, () => timed(() => desk.get('/callers?q=bysj'))],
    [
      'one case with its history',
      readLimitMs,
      async () => {
        const [row] = (await head.get<CaseHead[]>('/cases?procedure=repair&limit=1')).body
        return timed(() => head.get(`/cases/${row?.id}`))
      },
    ],
    ['adding a case', addLimitMs, () => timed(() => desk.post('/cases', { procedure: 'repair', form }))],
  ]
  const calm = await valueGap(() => new Promise(done => setTimeout(done, 8000)))
  const busy = await valueGap(async () => {
    for (const [what, limit, run] of work) {
      await run().then(list => {
        const all = list.map(s => s.ms)
        const own = list.filter(s => s.own).map(s => s.ms)
        // Judged by the samples during which no CPU time was stolen from this machine; both are printed.
        const p95 = percentile(own, 95)
        if (own.length === 0 || p95 > limit) failed = true
        const number = (n: number) => n.toFixed(1).padStart(6)
        process.stdout.write(
          `${what.padEnd(34)} p50 ${number(percentile(own, 50))}  p95 ${number(p95)} ms of ${own.length} undisturbed, ${number(percentile(all, 95))} of all ${all.length}: ${(p95 / limit).toFixed(2)} of its limit of ${limit} ms\n`,
        )
      })
    }
  })
  process.stdout.write(
    `longest gap between two messages of the live connection: calm ${calm.toFixed(0)} ms, meanwhile ${busy.toFixed(0)} ms\n`,
  )
  head.close()
} finally {
  await stack.stop()
}
process.exit(failed ? 1 : 0)
