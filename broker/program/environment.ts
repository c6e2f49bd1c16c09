import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { type CertificateFiles, certificateFiles } from './certificate.ts'

/** The folder of package.json, whether a program runs from source or built. */
export const packageRoot = dirname(createRequire(import.meta.url).resolve('#package/package.json'))
const profilesFolder = join(packageRoot, 'edge-agent', 'profiles')

const port = (fallback: number) => z.coerce.number().int().min(0).max(65_535).default(fallback)

/** Every variable that a program reads, with its default (README lists the same). */
const environment = z.object({
  ZHIBAN_HTTP_PORT: port(8080),
  ZHIBAN_MQTT_PORT: port(1883),
  ZHIBAN_FIELD_MQTT_PORT: port(1884),
  ZHIBAN_FIELD_BROKER_PORT: port(8093),
  ZHIBAN_BROKER_SERVES: z.enum(['all', 'uplink', 'field']).default('all'),
  ZHIBAN_SIM_PORT: port(8090),
  ZHIBAN_SIM_BASE_PORT: port(15_020),
  ZHIBAN_EDGE_PORT: port(8091),
  ZHIBAN_BROKER_PORT: port(8092),
  ZHIBAN_BIND: z.string().default('127.0.0.1'),
  ZHIBAN_TLS_CERT: z.string().optional(),
  ZHIBAN_TLS_KEY: z.string().optional(),
  ZHIBAN_TRUST_PROXY: z.string().optional(),
  ZHIBAN_OIDC_ISSUER: z.url().optional(),
  ZHIBAN_OIDC_CLIENT: z.string().optional(),
  ZHIBAN_OIDC_SECRET: z.string().optional(),
  ZHIBAN_OIDC_GROUPS: z.string().default('groups'),
  ZHIBAN_PUBLIC_URL: z.url().optional(),
  ZHIBAN_MQTT_TLS_CERT: z.string().optional(),
  ZHIBAN_MQTT_TLS_KEY: z.string().optional(),
  ZHIBAN_MQTT_URL: z.string().optional(),
  ZHIBAN_MQTT_USER: z.string().optional(),
  ZHIBAN_MQTT_PASSWORD: z.string().optional(),
  ZHIBAN_AGENT: z.string().optional(),
  ZHIBAN_JOURNAL_MB: z.coerce.number().int().min(4).max(100_000).default(512),
  ZHIBAN_DATA: z.string().default('./data'),
  ZHIBAN_BACKUPS: z.string().optional(),
  ZHIBAN_SYSLOG: z
    .string()
    .regex(/^(tcp|udp):\/\/([^/:]+|\[[0-9a-f:]+\])(:\d+)?$/, 'like tcp://10.0.0.5:601 or udp://10.0.0.5')
    .optional(),
  ZHIBAN_SITE: z.string().default(join(packageRoot, 'simulators/sites/demo.yaml')),
  ZHIBAN_PROFILES: z.string().default(profilesFolder),
  ZHIBAN_TIME: z.string().optional(),
  ZHIBAN_CLOCK_FILE: z.string().optional(),
  ZHIBAN_LOG: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('info'),
})
export type Environment = z.infer<typeof environment> & {
  mqttUrl: string
  backups: string
  /** Of the console's own door, and of the broker's; undefined where it speaks without TLS. */
  webCertificate: CertificateFiles | undefined
  mqttCertificate: CertificateFiles | undefined
}

/** Reads the environment; throws one message that names every wrong variable. */
export const readEnvironment = (env: NodeJS.ProcessEnv = process.env): Environment => {
  const result = environment.safeParse(env)
  if (!result.success) throw new Error(result.error.issues.map(i => `${i.path.join('.')}: ${i.message}`).join('\n'))
  const e = result.data
  return {
    ...e,
    ZHIBAN_DATA: resolve(e.ZHIBAN_DATA),
    ZHIBAN_SITE: resolve(e.ZHIBAN_SITE),
    backups: resolve(e.ZHIBAN_BACKUPS ?? join(e.ZHIBAN_DATA, 'backups')),
    mqttUrl: e.ZHIBAN_MQTT_URL ?? `mqtt://127.0.0.1:${e.ZHIBAN_MQTT_PORT}`,
    webCertificate: certificateFiles(e.ZHIBAN_TLS_CERT, e.ZHIBAN_TLS_KEY, ['ZHIBAN_TLS_CERT', 'ZHIBAN_TLS_KEY']),
    mqttCertificate: certificateFiles(e.ZHIBAN_MQTT_TLS_CERT, e.ZHIBAN_MQTT_TLS_KEY, [
      'ZHIBAN_MQTT_TLS_CERT',
      'ZHIBAN_MQTT_TLS_KEY',
    ]),
  }
}
