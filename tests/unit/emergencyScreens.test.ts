import { describe, expect, it } from 'vitest'
import type { CallOut, Delivery } from '#api/models/calls'
import type { CaseFull, CaseHead, CaseStep, Telling } from '#api/models/cases'
import type { Alarm } from '#api/models/live'
import { type Text, textIn } from '#api/words/text'
import { zh } from '#api/words/zh'
import { heardRows, isHeard, isUnreached } from '../../console/subjects/emergency/screens/heardRows.ts'
import { missingToClose } from '../../console/subjects/emergency/screens/missingToClose.ts'
import { bySeverity } from '../../console/subjects/emergency/screens/openTickets.ts'
import { escalation, personTold } from '../../console/web/src/forms/toldText.ts'

const word = (said: Text) => textIn('zh', said)
const words = (text: string) => ({ zh: text, en: text })
const f = { seconds: (at: number) => `t${at}` }

describe('the ticket that the page opens', () => {
  const head = (id: string, level: number, openedAt: number, state = 'active') =>
    ({ id, state, openedAt, form: { level } }) as unknown as CaseHead
  it('is the most severe, not the newest; what still stands before what has returned', () => {
    const list = [head('door', 2, 9), head('fire', 1, 1), head('fire-over', 1, 5, 'verify'), head('fire-new', 1, 3)]
    expect(list.toSorted(bySeverity).map(c => c.id)).toEqual(['fire-new', 'fire', 'fire-over', 'door'])
  })
})

describe('what a ticket lacks before it is closed', () => {
  const step = (n: number, over: Partial<CaseStep> = {}) => ({ n, doneAt: null, aside: null, ...over }) as CaseStep
  const alarm = (name: string, over: Partial<Alarm> = {}) =>
    ({ name: words(name), returnedAt: 5, ackedAt: 5, source: 'edge', ...over }) as Alarm
  const ticket = (over: Partial<CaseFull>) =>
    ({ alarms: [], steps: [], linkages: [], form: { kind: 'fire' }, ...over }) as unknown as CaseFull

  it('is named, each alarm and each step', () => {
    const lacks = missingToClose(
      ticket({
        alarms: [alarm('感烟 3', { returnedAt: null, ackedAt: null }), alarm('手报 1')],
        steps: [step(1, { doneAt: 3 }), step(2), step(3, { aside: { at: 1, by: 'x', why: 'y' } }), step(4)],
        linkages: [{ releasedAt: null }] as CaseFull['linkages'],
      }),
      zh,
      word,
    )
    expect(lacks).toEqual(['报警未恢复：感烟 3', '联动未解除', '报警未确认：感烟 3', '步骤未完成或搁置：2、4'])
  })
  it('is nothing once all is answered; what a person has reported ends with the ticket', () => {
    const reported = alarm('水管爆裂', { source: 'reported', returnedAt: null })
    expect(missingToClose(ticket({ alarms: [reported], steps: [step(1, { doneAt: 3 })] }), zh, word)).toEqual([])
  })
})

describe('the word escalated', () => {
  const told = (people: Telling['posts'][number]['people']): Telling[] => [
    { notice: 'n', at: 1, step: 2, posts: [{ name: words('保安'), people }] },
  ]
  it('stands only beside the names of those whom it has reached, with whether they have seen it', () => {
    const people = [
      { name: '赵磊', onScreen: true, seenAt: null },
      { name: '何敏', onScreen: false, seenAt: 9 },
      { name: '周强', onScreen: false, seenAt: null },
    ]
    expect(escalation(told(people), 'n', zh, f)).toBe('已升级至 赵磊（在屏幕前，还没看到）、何敏（t9 已看到）')
    expect(people.map(personTold(zh, f)).at(-1)).toBe('周强（不在屏幕前，还没通知到）')
  })
  it('does not stand where nobody has been reached, nor on a line from before', () => {
    expect(escalation(told([]), 'n', zh, f)).toBe('没有人被告知')
    expect(escalation(told([{ name: '周强', onScreen: false, seenAt: null }]), 'n', zh, f)).toBe('没有人被告知')
    expect(escalation(told([]), undefined, zh, f)).toBe('')
    expect(zh.emergency.verbs['step-overdue']).not.toContain('升级')
  })
})

describe('who has heard', () => {
  const post = (name: string, ...people: [string, boolean, number | null][]) => ({
    name: words(name),
    people: people.map(([n, onScreen, seenAt]) => ({ name: n, onScreen, seenAt })),
  })
  const telling = (...posts: ReturnType<typeof post>[]): Telling => ({ notice: 'n', at: 1, step: null, posts })
  const delivery = (person: string, channel: string, state: string, why: string | null = null) =>
    ({ id: `${person}${channel}`, step: 0, channel, person, state, tries: 1, madeAt: 1, acceptedAt: 7, why }) as Delivery
  const call = (answeredBy: string | null, ...deliveries: Delivery[]) =>
    ({ level: 1, begunAt: 1, step: 1, nextAt: null, answeredAt: 9, answeredBy, etaMin: null, deliveries }) as CallOut
  const brief = (rows: ReturnType<typeof heardRows>) => rows.map(r => [r.name, r.state, r.channels.join('+')])

  it('is a row for each person, by whatever he was told, as far as it is known to have come', () => {
    const told = [telling(post('保安', ['赵磊', true, null], ['孙涛', false, null]), post('前台'))]
    const rows = heardRows(told, call(null, delivery('孙涛', 'mail', 'accepted'), delivery('', 'robot', 'failed', '45009')))
    expect(brief(rows)).toEqual([
      ['', 'nobody', ''],
      ['赵磊', 'unseen', ''],
      ['孙涛', 'accepted', 'mail'],
      ['', 'failed', 'robot'],
    ])
    // That a channel has taken it is not that somebody has heard it.
    expect(rows.filter(isHeard)).toEqual([])
    expect(rows.filter(isUnreached).map(r => r.state)).toEqual(['nobody', 'failed'])
  })
  it('what somebody has done goes before what a channel says, and before a later telling that he has not seen', () => {
    const told = [telling(post('保安', ['赵磊', true, 5])), telling(post('保安', ['赵磊', true, null]))]
    expect(brief(heardRows(told, call(null, delivery('赵磊', 'mail', 'queued'))))).toEqual([['赵磊', 'seen', 'mail']])
    expect(brief(heardRows(told, call('赵磊', delivery('赵磊', 'mail', 'withdrawn'))))).toEqual([['赵磊', 'answered', 'mail']])
  })
  it('a post in which somebody was told later is not one without anybody', () => {
    expect(brief(heardRows([telling(post('前台')), telling(post('前台', ['李娜', true, null]))], null))).toEqual([
      ['李娜', 'unseen', ''],
    ])
  })
})
