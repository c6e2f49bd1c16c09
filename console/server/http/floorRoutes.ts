import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Response } from 'express'
import { Refusal } from '#api/errors'
import type { FloorPlanView } from '#api/models/floorPlans'
import type { Route } from '#program/httpApi'
import { type Asker, type Desk, deskRoute } from '../desk/desk.ts'
import { isAtSite, placeSpot, spotsOn, takeSpotOff } from '../site/floorSpots.ts'

/** Sent as it is, and can run nothing: whoever draws floor plans is not whoever answers for the console. */
const sendPicture = (response: Response, folder: string, name: string) =>
  new Promise<void>((done, failed) => {
    response.setHeader('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; sandbox")
    response.sendFile(name, { root: folder, headers: { 'cache-control': 'private, no-cache' } }, error =>
      error ? failed(error) : done(),
    )
  })

/** The plans of the floors: their pictures lie beside the site file, what stands on them is kept here. */
export const floorRoutes = (desk: Desk): Route<Asker>[] => {
  const { site } = desk.directory
  const floorOf = (id: string) => {
    const floor = site.floors.find(f => f.id === id)
    if (!floor) throw new Refusal('unknown-floor', 'floor')
    return floor
  }
  const view = async (id: string): Promise<FloorPlanView> => {
    const { plan } = floorOf(id)
    const spots = await spotsOn(desk.books.read, id)
    const there = plan !== undefined && existsSync(join(desk.siteFolder, plan))
    return {
      floor: id,
      picture: plan === undefined ? 'none' : there ? 'there' : 'missing',
      spots: spots.filter(s => isAtSite(site, desk.profiles, s.ref)),
      gone: spots.map(s => s.ref).filter(ref => !isAtSite(site, desk.profiles, ref)),
    }
  }
  return [
    deskRoute('GET /floors/:floor/plan', ({ params }) => view(params.floor)),
    deskRoute('GET /floors/:floor/picture', async ({ params, response }) => {
      const { plan } = floorOf(params.floor)
      if (plan === undefined || !existsSync(join(desk.siteFolder, plan))) throw new Refusal('no-picture', 'floor')
      await sendPicture(response, desk.siteFolder, plan)
    }),
    deskRoute('PUT /floors/:floor/spots', async ({ params, body, who }) => {
      floorOf(params.floor)
      if (!isAtSite(site, desk.profiles, body.ref)) throw new Refusal('unknown-point', 'ref')
      await desk.unit(who.actor, work => placeSpot(work, params.floor, body))
      return view(params.floor)
    }),
    deskRoute('POST /floors/:floor/spots/take-off', async ({ params, body, who }) => {
      floorOf(params.floor)
      await desk.unit(who.actor, work => takeSpotOff(work, params.floor, body.ref))
      return view(params.floor)
    }),
  ]
}
