import { checkSbc, createSbc, deleteSbc, getSbc, listSbcs, updateSbc } from '../../../../contract/sbcs.ts'
import { type Answer, type Route, route } from '../../../platform/http/index.ts'
import { type SbcService, type ShownSbc, sbcTag } from '../sbc.service.ts'
import { wireCheck, wireSbc } from '../sbc.view.ts'

/** SBC devices. */
export function sbcRoutes(sbcs: SbcService): Route[] {
  return [
    route(listSbcs, async (_input, { principal }) => ({ json: { data: (await sbcs.list(principal)).map(wireSbc) } })),
    route(createSbc, async ({ body }, { principal }) => ({
      status: 201,
      ...shown(await sbcs.create(principal, body)),
    })),
    route(getSbc, async ({ params }, { principal }) => shown(await sbcs.get(principal, params.sbcId))),
    route(updateSbc, async ({ params, body }, { principal, headers }) =>
      shown(await sbcs.update(principal, params.sbcId, body, headers['if-match'])),
    ),
    route(deleteSbc, async ({ params }, { principal, headers }) => {
      await sbcs.remove(principal, params.sbcId, headers['if-match'])
      return {}
    }),
    route(checkSbc, async ({ params }, { principal, signal }) => ({
      json: wireCheck(await sbcs.check(principal, params.sbcId, signal)),
    })),
  ]
}

function shown(one: ShownSbc): Answer {
  return { etag: sbcTag(one.sbc), json: wireSbc(one) }
}
