import type { CaseHead } from '#api/models/cases'

const levelOf = (c: CaseHead): number => Number(c.form['level'])

/** The most severe first: by level, what still stands before what has returned, then the newest. */
export const bySeverity = (a: CaseHead, b: CaseHead): number =>
  levelOf(a) - levelOf(b) || Number(a.state === 'verify') - Number(b.state === 'verify') || b.openedAt - a.openedAt
