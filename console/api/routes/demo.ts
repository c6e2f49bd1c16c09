import { z } from 'zod'
import { demoDeviceFull, demoEvents, demoFaults, demoState, paceWish } from '../models/demo.ts'
import type { RouteTable } from '../route.ts'

const device = z.object({ device: z.string().max(60) })
const point = device.extend({ point: z.string().max(60) })

export const demoRoutes = {
  'PUT /demo/pace': {
    summary: 'Changes how fast the clock of the demo runs; while an emergency is open it runs in real time',
    right: 'run-demo',
    body: paceWish,
  },
  'GET /demo': {
    summary: 'The scenarios of the demo, and what is wrong with which simulated device',
    right: 'run-demo',
    answer: demoState,
  },
  'POST /demo/scenarios/:name': {
    summary: 'Starts a scenario',
    right: 'run-demo',
    params: z.object({ name: z.string().max(60) }),
  },
  'GET /demo/devices/:device': {
    summary: 'A simulated device with its points as they physically are',
    right: 'run-demo',
    params: device,
    answer: demoDeviceFull,
  },
  'PUT /demo/devices/:device/fault': {
    summary: 'Makes a simulated device silent, slow, wrong, refusing or frozen',
    right: 'run-demo',
    params: device,
    body: z.strictObject({ kind: z.enum(demoFaults) }),
  },
  'DELETE /demo/devices/:device/fault': {
    summary: 'Brings a simulated device back to normal: no fault, nothing forced',
    right: 'run-demo',
    params: device,
  },
  'POST /demo/devices/:device/events': {
    summary: 'Something that a simulated door or barrier tells once: a card, a number plate, a vehicle that has passed',
    right: 'run-demo',
    params: device,
    body: z.strictObject({ event: z.enum(demoEvents), detail: z.string().trim().max(120) }),
  },
  'PUT /demo/devices/:device/points/:point': {
    summary: 'Forces a point of a simulated device to a value until it is let go',
    right: 'run-demo',
    params: point,
    body: z.strictObject({ value: z.union([z.number(), z.boolean()]) }),
  },
  'DELETE /demo/devices/:device/points/:point': {
    summary: 'Lets a forced point of a simulated device go',
    right: 'run-demo',
    params: point,
  },
} as const satisfies RouteTable
