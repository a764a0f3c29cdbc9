import { SANDBOX_CLIENTS } from '../../server/sandbox.ts'
import { result } from '../report.ts'
import { quantile } from '../statistics.ts'
import { ask, tokenFrom, type World } from '../world.ts'
import { type Figure, LEADS_PATH, roundsOf } from './figure.ts'

const LEADS = 50
/** Of each kind in a round: sizes that all its leads fit in, so that no page is asked for twice. */
const PAGES = 25

/** The first page of a reseller with few leads among many, over the API and on the desk. Source: issue 5, Figures. */
export const resellerPage: Figure = {
  name: 'reseller',
  async measure(world, extent) {
    const client = SANDBOX_CLIENTS[2]
    const chosen = await leadsForChannel(world)
    for (const id of chosen) await ask(world, 'PUT', `/api/v4/leads/${id}/channel`, { channelId: client.channelId })
    const authorization = `Bearer ${await tokenFrom(world.web.origin, client)}`
    const api: number[] = []
    const desk: number[] = []
    let size = LEADS + 10
    const times = async (path: string) => {
      const started = performance.now()
      const answer = await fetch(`${world.web.origin}${path}`, { headers: { authorization } })
      const text = await answer.text()
      if (!answer.ok || !text.includes(chosen[0] ?? '')) throw new Error(`${path} answered ${answer.status}`)
      return performance.now() - started
    }
    for (const _round of roundsOf(extent)) {
      const pages: number[] = []
      const rows: number[] = []
      for (let page = 0; page < PAGES; page++) {
        size++
        pages.push(await times(`${LEADS_PATH}?PageSize=${size}`))
        rows.push(await times(`/api/v4/leads?sort=-consentedOn&pageSize=${size}`))
      }
      api.push(quantile(pages, 0.95))
      desk.push(quantile(rows, 0.95))
    }
    for (const id of chosen) await ask(world, 'DELETE', `/api/v4/leads/${id}/channel`)
    const line = { figure: 'reseller', unit: 'ms', bound: { floor: 50, better: 'lower' } } as const
    const of = `${chosen.length} leads among ${world.leadCount}, first page p95`
    return [
      result({ ...line, what: `${of}, API`, values: api }),
      result({ ...line, what: `${of}, desk`, values: desk }),
    ]
  },
}

/** Active leads without a channel from all over the list. */
async function leadsForChannel({ owner, operatorId, leadCount }: World): Promise<string[]> {
  const { rows } = await owner.query<{ lead_id: string }>(
    `select lead_id from lead
     where operator_id = $1 and status = 'Active' and channel_id is null and arrival % $2 = 1 limit $3`,
    [operatorId, Math.max(2, Math.floor(leadCount / (LEADS * 3))), LEADS],
  )
  return rows.map((row) => row.lead_id)
}
