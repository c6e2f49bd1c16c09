import type { PersonFile } from '#api/models/people'
import { newPersonBody, type Staff } from '#api/models/staff'
import { codes, type Language } from '#api/words/languages'
import { textIn } from '#api/words/text'
import { isBackwards, joined } from '../domain/dateRanges.ts'
import {
  type Change,
  type Column,
  dayColumn,
  type Line,
  narrow,
  phoneColumn,
  plain,
  type SheetKind,
  textColumn,
  twiceIn,
} from './importPlan.ts'

/** Who works here as a table: a line for each account. Whoever has left is not in it, nor who holds no post of the site. */

type Value = 'name' | 'display' | 'post' | 'tel' | 'languages' | 'leave'
const at = (line: Line, key: Value): string => line[key] ?? ''
const same = (a: string, b: string) => plain(a) === plain(b)

type Leave = PersonFile['leave']
const leaveText = (leave: Leave) => leave.map(({ from, to }) => (from === to ? from : `${from}~${to}`)).join('、')
/** Days or stretches of them: 2026-12-24~2026-12-26、2027-01-02. Undefined where that is not what is written. */
const leaveIn = (text: string): Leave | undefined => {
  const found: { from: string; to: string }[] = []
  for (const part of narrow(text)
    .split(/[、,，;；\n]/)
    .filter(p => p.trim() !== '')) {
    const [from = '', to = from, ...more] = part.split(/[~至–—]/).map(d => dayColumn(d.trim()))
    if (typeof from !== 'string' || typeof to !== 'string' || from === '' || isBackwards({ from, to }) || more.length > 0)
      return undefined
    found.push({ from, to })
  }
  return joined(found)
}
const leaveColumn: Column['read'] = text => {
  const leave = leaveIn(text)
  return leave && leave.length <= 60 ? leaveText(leave) : { wrong: 'not-days' }
}

export const staffSheet = ({ people, posts }: Staff, language: Language) => {
  const postText = (id: string) => {
    const post = posts.find(p => p.id === id)
    return post ? textIn(language, post.name) : ''
  }
  const postOf = (text: string) => posts.find(p => [p.name.zh, p.name.en, p.id].some(x => same(x, text)))
  const listed = (p: Staff['people'][number]) => p.active && posts.some(x => x.id === p.postId)
  const here = people.filter(listed)
  const lines: Line[] = here.map(({ name, display, postId, tel, languages, leave }) => ({
    ...{ name, display, post: postText(postId), tel, languages, leave: leaveText(leave) },
  }))
  const byName = new Map(lines.map(l => [at(l, 'name').toLowerCase(), l]))
  const others = people.filter(p => !listed(p))
  const columns: Column[] = [
    {
      key: 'name',
      name: { zh: '用户名', en: 'User name' },
      needed: true,
      read: t => (newPersonBody.shape.name.safeParse(narrow(t)).success ? narrow(t) : { wrong: 'not-a-name' }),
    },
    {
      key: 'display',
      name: { zh: '姓名', en: 'Name' },
      needed: true,
      read: textColumn(40),
    },
    {
      key: 'post',
      name: { zh: '岗位', en: 'Post' },
      needed: true,
      read(t) {
        const post = postOf(t)
        return post ? textIn(language, post.name) : { wrong: 'unknown-post', about: t }
      },
    },
    { key: 'tel', name: { zh: '电话', en: 'Phone' }, read: phoneColumn },
    { key: 'languages', name: { zh: '外语', en: 'Languages' }, read: textColumn(80) },
    { key: 'leave', name: { zh: '休假', en: 'On leave' }, read: leaveColumn },
  ]
  const exampleIn = (l: Language): Line => ({
    ...{ name: 'zhangsan', display: textIn(l, { zh: '张三', en: 'Zhang San' }), post: posts[0] ? textIn(l, posts[0].name) : '' },
    ...{ tel: '138 0000 0000', languages: textIn(l, { zh: '英语', en: 'English' }), leave: '2026-12-24~2026-12-26' },
  })
  const kind: SheetKind = {
    columns,
    examples: codes.map(exampleIn),
    // User names are one name whatever their case.
    complete: line => ({ ...line, name: byName.get(at(line, 'name').toLowerCase())?.['name'] ?? at(line, 'name') }),
    standing: line => byName.get(at(line, 'name').toLowerCase()) ?? null,
    subject: line => at(line, 'name'),
    subjects: lines.length,
    check: changes => [
      ...twiceIn(changes, 'name', line => at(line, 'name').toLowerCase()),
      ...changes.flatMap(({ line, values }) => {
        const other = others.find(p => same(p.name, at(values, 'name')))
        return other ? [{ line, column: 'name', code: 'name-taken' as const, about: other.display }] : []
      }),
    ],
  }
  return {
    kind,
    lines,
    template: [exampleIn(language)],
    /** Whom the lines mean: `id` null for somebody new. */
    people: (changes: readonly Change[]) =>
      changes.map(({ values, standing }) => ({
        id: here.find(p => same(p.name, at(standing ?? values, 'name')))?.id ?? null,
        name: at(values, 'name'),
        body: {
          ...{ display: at(values, 'display'), post: postOf(at(values, 'post'))?.id ?? '' },
          ...{ tel: at(values, 'tel'), languages: at(values, 'languages'), leave: leaveIn(at(values, 'leave')) ?? [] },
        },
      })),
  }
}
