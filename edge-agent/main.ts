import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Gauge } from 'prom-client'
import { isSimulated } from '#contract/pace'
import { mustBeSet, resolveSetting } from '#contract/parseSite'
import type { Site } from '#contract/site'
import { packageRoot } from '#program/environment'
import { serveHealth } from '#program/health'
import { type Program, runProgram } from '#program/runProgram'
import { takeSite, watchSite } from '#program/siteInForce'
import { startBuildingAgent } from './buildingAgent.ts'
import { openBuses } from './field/protocols.ts'
import { openEdgeMemory } from './memory/edgeMemory.ts'

const pickAgent = (site: Site, wanted: string | undefined) => {
  const agent = wanted ? site.agents.find(a => a.id === wanted) : site.agents[0]
  if (!agent) throw new Error(`ZHIBAN_AGENT: the site has no agent '${wanted}'; it has ${site.agents.map(a => a.id).join(', ')}`)
  return agent
}

await runProgram('edge-agent', async ({ env, log, clock, ready, startAnew }: Program) => {
  const inForce = takeSite(env, join(env.ZHIBAN_DATA, 'edge-agent', 'site-in-force.json'))
  const { site, catalogue, refused } = inForce
  if (refused) log.error(`the site file is not taken, the one before stays in force:\n${refused}`)
  if (!site.demo && (env.ZHIBAN_CLOCK_FILE || isSimulated(clock.pace)))
    throw new Error('ZHIBAN_TIME and ZHIBAN_CLOCK_FILE are refused: this site is not marked demo: true')
  const agent = pickAgent(site, env.ZHIBAN_AGENT)
  const user = env.ZHIBAN_MQTT_USER ?? resolveSetting(agent.user, process.env) ?? ''
  const password = env.ZHIBAN_MQTT_PASSWORD ?? resolveSetting(agent.password, process.env)
  if (!password) throw new Error(`set ZHIBAN_MQTT_PASSWORD or ${agent.password.replace('env:', '')} for agent '${agent.id}'`)
  const memory = await openEdgeMemory(join(env.ZHIBAN_DATA, 'edge-agent', `${agent.id}.db`), env.ZHIBAN_JOURNAL_MB * 1_048_576)
  const { version } = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string }

  const mine = site.buses.filter(b => b.agent === agent.id)
  const setting = (text: string) => resolveSetting(text, process.env)
  const running = await startBuildingAgent({
    inForce,
    agent: agent.id,
    memory,
    clock,
    log,
    version,
    uplink: { url: env.mqttUrl, user, password },
    openBuses: events => openBuses({ site, catalogue, events, log, setting }, mine),
  })
  const health = await serveHealth('edge-agent', env.ZHIBAN_EDGE_PORT, running.ready)
  const gauge = (name: string, help: string, value: () => number) =>
    new Gauge({
      name,
      help,
      registers: [health.registry],
      collect() {
        this.set(value())
      },
    })
  gauge('zhiban_edge_journal_pending', 'Journal records not yet acknowledged', running.pending)
  gauge('zhiban_edge_rejected_messages', 'Messages that could not be decoded', running.rejected)
  gauge('zhiban_edge_oversize_messages', 'Messages that were too large to be sent', running.oversize)
  new Gauge({
    name: 'zhiban_edge_bus_pace',
    help: 'How late the fastest reads of a bus come for their period (90th percentile; 1 is on time)',
    labelNames: ['bus'],
    registers: [health.registry],
    collect() {
      for (const [bus, pace] of running.paces()) this.set({ bus }, pace)
    },
  })
  const stopWatching = watchSite(env, inForce, {
    good(next) {
      // Whoever has started us gives us what is set now.
      const own = next.site.buses.filter(b => b.agent === agent.id)
      if (!process.connected) mustBeSet([pickAgent(next.site, agent.id), own], process.env)
      startAnew('the site file was changed: it is taken over')
    },
    refused(why) {
      if (why) log.error(`the changed site file is not taken:\n${why}`)
      running.siteRefused(why)
    },
  })
  ready({ health: health.port })
  return async () => {
    stopWatching()
    await running.close()
    await health.close()
  }
})
