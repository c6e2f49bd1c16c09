import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Response } from 'express'
import type { Desk } from '../desk/desk.ts'

/** Whether a file that the site file names lies beside it. */
export const liesBeside = (desk: Pick<Desk, 'siteFolder'>, name: string | undefined): name is string =>
  name !== undefined && existsSync(join(desk.siteFolder, name))

/** Sent as it is, and can run nothing: whoever draws floor plans or writes documents is not whoever answers for the console. */
export const sendBeside = (desk: Pick<Desk, 'siteFolder'>, response: Response, name: string) =>
  new Promise<void>((done, failed) => {
    response.setHeader('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
    response.sendFile(name, { root: desk.siteFolder, headers: { 'cache-control': 'private, no-cache' } }, error =>
      error ? failed(error) : done(),
    )
  })
