import { newPersonBody, type Staff } from '#api/models/staff'
import type { Language } from '#api/words/languages'
import { textIn } from '#api/words/text'
import { type Change, type Column, type Line, type SheetKind, textColumn, twiceIn } from './importPlan.ts'

/** Who works here as a table: a line for each account. Whoever has left is not in it, nor who holds no post of the site. */

const at = (line: Line, key: 'name' | 'display' | 'post'): string => line[key] ?? ''
const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

export const staffSheet = ({ people, posts }: Staff, language: Language) => {
  const postText = (id: string) => {
    const post = posts.find(p => p.id === id)
    return post ? textIn(language, post.name) : ''
  }
  const postOf = (text: string) => posts.find(p => [p.name.zh, p.name.en, p.id].some(x => same(x, text)))
  const listed = (p: Staff['people'][number]) => p.active && posts.some(x => x.id === p.postId)
  const here = people.filter(listed)
  const lines: Line[] = here.map(p => ({ name: p.name, display: p.display, post: postText(p.postId) }))
  const byName = new Map(lines.map(l => [at(l, 'name').toLowerCase(), l]))
  const others = people.filter(p => !listed(p))
  const columns: Column[] = [
    {
      key: 'name',
      name: { zh: '用户名', en: 'User name' },
      needed: true,
      read: t => (newPersonBody.shape.name.safeParse(t).success ? t : { wrong: 'not-a-name' }),
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
  ]
  const kind: SheetKind = {
    columns,
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
    template: [
      { name: 'zhangsan', display: textIn(language, { zh: '张三', en: 'Zhang San' }), post: postText(posts[0]?.id ?? '') },
    ],
    /** Whom the lines mean: `id` null for somebody new. */
    people: (changes: readonly Change[]) =>
      changes.map(({ values, standing }) => ({
        id: here.find(p => same(p.name, at(standing ?? values, 'name')))?.id ?? null,
        name: at(values, 'name'),
        display: at(values, 'display'),
        post: postOf(at(values, 'post'))?.id ?? '',
      })),
  }
}
