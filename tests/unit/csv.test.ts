import { expect, it } from 'vitest'
import { csvOf } from '../../console/server/export/csv.ts'

const one = (value: string | number | null) => csvOf([[value]]).slice(1, -2)

it('what a spreadsheet would carry out is put down as text; numbers stay numbers', () => {
  expect(one('=HYPERLINK("http://x")')).toBe(`"'=HYPERLINK(""http://x"")"`)
  for (const bad of ['+1+1', '-1+1', '@SUM(A1)', '\t=1']) expect(one(bad).replace(/^"/, '')).toMatch(/^'/)
  for (const good of ['138 0000 2001', '龙头漏水', 'a-b']) expect(one(good)).toBe(good)
  expect(one(-12.5)).toBe('-12.5')
})

it('commas, quotes and lines stay in their cell', () => {
  expect(csvOf([['a,b', 'c"d', 'e\nf', null, 5]])).toBe('\uFEFF"a,b","c""d","e\nf",,5\r\n')
})
