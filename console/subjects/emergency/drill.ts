import { setTimeout as pause } from 'node:timers/promises'
import { isBad } from '#api/linkageTimes'
import { caseFull } from '#api/models/cases'
import { shadowReport } from '#api/models/drills'
import type { LinkageView } from '#api/models/live'
import { siteView } from '#api/models/site'
import { shadowSentences } from '#api/shadowText'
import { textIn } from '#api/words/text'
import { readEnvironment } from '#program/environment'

/**
 * `npm run drill -- COMPARTMENT [--simulators]`: a fire drill as code, at a console that runs. Without more it is a shadow: what a fire there would do now,
 * and whom it would reach; nothing is written. `--simulators`: opens a ticket that is marked as a drill, lets as many simulated detectors go into alarm as
 * the rule asks for, and measures every linkage. Signs in as ZHIBAN_DRILL_USER with ZHIBAN_DRILL_PASSWORD, at ZHIBAN_DRILL_URL where it is not the one of this machine. Exit code 1 where something would not happen
 * or did not in time, 2 where nothing could be looked at.
 */
const env = readEnvironment()
const base = `${process.env['ZHIBAN_DRILL_URL'] ?? `http://127.0.0.1:${env.ZHIBAN_HTTP_PORT}`}/api`
/** No linkage of ours may take longer; what has no feedback by then has none. */
const longestMs = 120_000
const lookMs = 500
const say = (line: string) => void process.stdout.write(`${line}\n`)
const word = (said: Parameters<typeof textIn>[1]) => textIn('zh', said)

const signIn = async () => {
  const name = process.env['ZHIBAN_DRILL_USER'] ?? ''
  const password = process.env['ZHIBAN_DRILL_PASSWORD'] ?? ''
  if (name === '' || password === '')
    throw new Error('set ZHIBAN_DRILL_USER and ZHIBAN_DRILL_PASSWORD to somebody who may open emergencies')
  let cookie = ''
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const answer = await fetch(base + path, {
      method,
      headers: { cookie, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch(() => {
      throw new Error(`nobody answers at ${base}: start the console, or set ZHIBAN_HTTP_PORT`)
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    cookie ||= answer.headers.get('set-cookie')?.split(';')[0] ?? ''
    return text === '' ? undefined : JSON.parse(text)
  }
  await ask('POST', '/sign-in', { name, password })
  return ask
}
type Ask = Awaited<ReturnType<typeof signIn>>

const shadow = async (ask: Ask, compartment: string): Promise<boolean> => {
  const report = shadowReport.parse(await ask('GET', `/drills/shadow/${compartment}`))
  const lines = shadowSentences(report, word, '；')
  for (const { text } of lines) say(`${compartment}: ${text}`)
  return lines.every(l => !l.bad)
}

const isSettled = (l: LinkageView) => l.feedbackMs !== null || l.missing
const inTime = (l: LinkageView) => l.feedbackMs !== null && !isBad(l)

const onSimulators = async (ask: Ask, compartment: string): Promise<boolean> => {
  const site = siteView.parse(await ask('GET', '/site'))
  const report = shadowReport.parse(await ask('GET', `/drills/shadow/${compartment}`))
  const place = site.compartments.find(c => c.id === compartment)
  const points = (place?.detectors ?? []).flatMap(d => d.fire ?? []).slice(0, report.detectors.needed)
  // Whoever may not move simulated devices opens no drill that would wait for them.
  await ask('GET', '/demo')
  // The drill is there first, so that it takes up what the simulators raise.
  const drill = { kind: 'fire', place: compartment, what: `演习 ${compartment}`, drill: 'simulators' }
  const { id, number } = caseFull.parse(await ask('POST', '/emergencies', drill))
  const point = (key: string) => `/demo/devices/${place?.panel}/points/${key}`
  for (const key of points) await ask('PUT', point(key), { value: true })
  const until = Date.now() + longestMs
  let linkages: LinkageView[] = []
  while (Date.now() < until) {
    linkages = caseFull.parse(await ask('GET', `/cases/${id}`)).linkages
    if (linkages.length >= report.actions.length && linkages.every(isSettled)) break
    await pause(lookMs)
  }
  for (const key of points) await ask('DELETE', point(key))
  const missing = report.actions.filter(a => !linkages.some(l => l.linkage === a.linkage))
  for (const l of linkages)
    say(
      `${number} ${word(l.name)}: ${l.startMs ?? '-'} / ${l.feedbackMs ?? '-'} ms (${l.startLimitMs} / ${l.feedbackLimitMs}) ${inTime(l) ? 'ok' : 'LATE'}`,
    )
  for (const m of missing) say(`${number} ${word(m.name)}: MISSING`)
  const good = linkages.filter(inTime).length
  say(`${number}: ${good} of ${report.actions.length} in time; the ticket stays open until people have released and closed it`)
  return good === report.actions.length
}

const main = async ([compartment, how, ...more]: readonly string[]) => {
  if (!compartment || compartment.startsWith('-') || more.length > 0 || (how !== undefined && how !== '--simulators'))
    throw new Error('usage: npm run drill -- COMPARTMENT [--simulators]')
  const ask = await signIn()
  const good = how === undefined ? await shadow(ask, compartment) : await onSimulators(ask, compartment)
  if (!good) process.exitCode = 1
}
await main(process.argv.slice(2)).catch(error => {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exitCode = 2
})
