import type { demoWords as zh } from '../zh/demo.ts'
import type { Part } from '../zh.ts'

/** The page with which a demo is run. */
export const demoWords: Part<typeof zh> = {
  demo: {
    title: 'Demo',
    hint: 'Only a demo site has this page; what is done here is in the audit',
    clock: 'Clock',
    real: 'real time',
    times: rate => `×${rate}`,
    fixed: 'Started at a fixed pace: it cannot be changed',
    slowed: 'The clock is back in real time',
    slowedWhy: 'An emergency is open: steps, actions and escalations count real seconds; faster again once it is closed',
    scenarios: 'Scenarios',
    run: 'Start',
    started: name => `Started: ${name}`,
    scenario: {
      'fire-floor-12': {
        name: 'Fire on floor 12',
        what: 'Smoke detector 12F east 3 goes into alarm; 8 s later the call point follows, and the rule is met',
      },
      'panel-reset': { name: 'Fire panel reset', what: 'Somebody resets the panel by hand: every device returns to normal' },
      'intrusion-b1': { name: 'B1 lift lobby door forced', what: 'The door is forced open; it is shut again after 20 s' },
      'ahu-trip': { name: "AHU-2's drive trips", what: 'The fan stops until the fault is cleared' },
      'ahu-reset': { name: "AHU-2's fault cleared", what: 'The drive is healthy again' },
    },
    devices: 'Simulated devices',
    state: 'State',
    normal: 'normal',
    fault: { silent: 'silent', slow: 'slow', wrong: 'wrong values', refusing: 'answers with errors', frozen: 'frozen' },
    forced: n => `${n} forced`,
    back: 'Back to normal',
    force: 'Force',
    pass: 'Card or pass',
    plate: 'Number plate',
    letGo: 'Let go',
    value: 'As it is',
    to: 'Forced to',
    all: 'All devices',
    on: '1',
    off: '0',
  },
}
