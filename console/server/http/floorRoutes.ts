import { Refusal } from '#api/errors'
import type { FloorPlanView } from '#api/models/floorPlans'
import type { Route } from '#program/httpApi'
import { type Asker, type Desk, deskRoute } from '../desk/desk.ts'
import { isAtSite, placeSpot, spotsOn, takeSpotOff } from '../site/floorSpots.ts'
import { liesBeside, sendBeside } from './besideSite.ts'

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
    return {
      floor: id,
      picture: plan === undefined ? 'none' : liesBeside(desk, plan) ? 'there' : 'missing',
      spots: spots.filter(s => isAtSite(site, desk.profiles, s.ref)),
      gone: spots.map(s => s.ref).filter(ref => !isAtSite(site, desk.profiles, ref)),
    }
  }
  return [
    deskRoute('GET /floors/:floor/plan', ({ params }) => view(params.floor)),
    deskRoute('GET /floors/:floor/picture', async ({ params, response }) => {
      const { plan } = floorOf(params.floor)
      if (!liesBeside(desk, plan)) throw new Refusal('no-picture', 'floor')
      await sendBeside(desk, response, plan)
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
