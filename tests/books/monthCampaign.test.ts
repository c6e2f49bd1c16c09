import { expect, it } from 'vitest'
import { monthCampaign } from '../campaigns/month.ts'

it('a small month goes to Finance as a second, plain calculation has it, to the fen, and late records come into the next (R38, R41)', async () => {
  const figures = await monthCampaign({ bookings: 40, services: 10, repairs: 5, moves: 2, seed: 20261130 })
  expect(figures.trouble).toEqual([])
  expect(figures).toMatchObject({ bookings: 40, services: 10, repairs: 5, moves: 2 })
  expect(figures.changes).toBeGreaterThan(3)
  expect(figures.late).toBeGreaterThan(0)
  // Three or more of each working day, besides those of weeks and the month.
  expect(figures.duties).toBeGreaterThan(60)
}, 240_000)
