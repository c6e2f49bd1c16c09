import { readFileSync, unwatchFile, watchFile } from 'node:fs'
import { createSecureContext, type Server as TlsServer } from 'node:tls'
import type { Log } from './log.ts'

export type CertificateFiles = { cert: string; key: string }
type Pair = { cert: Buffer; key: Buffer }

/** A renewal writes two files, one after the other, or puts a link elsewhere: they are looked at so often. */
const lookMs = 5000

/** The certificate of two variables; undefined where neither is set. Throws what is missing. */
export const certificateFiles = (
  cert: string | undefined,
  key: string | undefined,
  names: readonly [string, string],
): CertificateFiles | undefined => {
  if (cert !== undefined && key !== undefined) return { cert, key }
  if (cert === undefined && key === undefined) return undefined
  throw new Error(`set both ${names[0]} and ${names[1]}, or neither`)
}

/** Reads a certificate with its key. Throws, and names the file, where they are not there or do not belong together. */
export const readCertificate = ({ cert, key }: CertificateFiles): Pair => {
  try {
    const pair = { cert: readFileSync(cert), key: readFileSync(key) }
    createSecureContext(pair)
    return pair
  } catch (error) {
    throw new Error(`${cert} with ${key}: ${(error as Error).message}`)
  }
}

/** A server with a certificate that is followed: `stop` before it is closed. */
export const openSecured = <S extends TlsServer>(files: CertificateFiles, log: Log, make: (pair: Pair) => S) => {
  const server = make(readCertificate(files))
  return { server, stop: followCertificate(files, log, pair => server.setSecureContext(pair)) }
}

/** Hands over the certificate again whenever it has been renewed; one that cannot be used leaves the old one in force. Returns how to stop. */
const followCertificate = (files: CertificateFiles, log: Log, renew: (pair: Pair) => void, everyMs = lookMs) => {
  const look = () => {
    try {
      renew(readCertificate(files))
      log.info({ cert: files.cert }, 'the certificate was renewed')
    } catch (error) {
      log.error({ err: error }, 'a renewed certificate cannot be used: the old one stays in force')
    }
  }
  for (const file of [files.cert, files.key]) watchFile(file, { interval: everyMs, persistent: false }, look)
  return () => {
    for (const file of [files.cert, files.key]) unwatchFile(file, look)
  }
}
