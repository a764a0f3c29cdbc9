import { result } from '../report.ts'
import { quantile } from '../statistics.ts'
import type { World } from '../world.ts'
import { type Figure, LEADS_PATH, roundsOf } from './figure.ts'

const TERMS = 60

/**
 * P7: search by parts of what leads hold, a term that nothing holds, and a page far down the list; and the answers to Ctrl-K
 * while somebody types.
 */
export const search: Figure = {
  name: 'P7',
  async measure(world, extent) {
    const found: number[] = []
    const nothing: number[] = []
    const deep: number[] = []
    const typed: number[] = []
    const deepPage = Math.max(1, Math.min(400, Math.floor(world.leadCount / 250)))
    const times = async (path: string) => {
      const started = performance.now()
      // What packing costs is P4's to tell.
      const headers = { ...world.authorization, 'accept-encoding': 'identity' }
      const answer = await fetch(`${world.web.origin}${path}`, { headers })
      const text = await answer.text()
      if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${text.slice(0, 200)}`)
      return performance.now() - started
    }
    for (const round of roundsOf(extent)) {
      const each: number[] = []
      // Of each round other terms and another page: what was asked before is answered from memory.
      const letters: number[] = []
      for (const [i, term] of (await termsOf(world, round)).entries()) {
        each.push(await times(`${LEADS_PATH}?PageSize=50&q=${encodeURIComponent(term)}`))
        // One letter, two, three, … of it.
        const soFar = term.slice(0, 1 + (i % term.length))
        letters.push(await times(`/api/v4/search?q=${encodeURIComponent(soFar)}`))
      }
      typed.push(quantile(letters, 0.95))
      found.push(quantile(each, 0.95))
      nothing.push(await times(`${LEADS_PATH}?PageSize=50&q=nothing-holds-this-${round}`))
      deep.push(await times(`${LEADS_PATH}?PageSize=250&PageNumber=${Math.max(1, deepPage - round)}`))
    }
    const floor = world.leadCount > 100_000 ? 150 : 50
    const line = { figure: 'P7', unit: 'ms' }
    return [
      result({ ...line, what: 'search p95, with total', values: found, bound: { floor, better: 'lower' } }),
      result({ ...line, what: 'search, no match', values: nothing, bound: { floor: 10, better: 'lower' } }),
      result({ ...line, what: 'Ctrl-K answer p95', values: typed, bound: { floor: 100, better: 'lower' } }),
      result({ ...line, what: `page ${deepPage} of 250`, values: deep, bound: { floor: 10, better: 'lower' } }),
    ]
  },
}

/** Parts of companies, mails, phones and tenant ids of leads all over the list, 3 to 10 characters long. */
async function termsOf({ owner, operatorId, leadCount }: World, round: number): Promise<string[]> {
  const step = Math.max(1, Math.floor(leadCount / TERMS))
  const { rows } = await owner.query<{ company: string; mail: string; phone: string; tenant: string }>(
    `select body::json->'contactDetails'->>'companyName' as company, body::json->'contactDetails'->>'email' as mail,
       body::json->'contactDetails'->>'phoneNumber' as phone, tenant_id::text as tenant
     from lead where operator_id = $1 and arrival % $2 = $4 limit $3`,
    [operatorId, step, TERMS, round % step],
  )
  const terms = rows.map(({ company, mail, phone, tenant }, i) => {
    const text = [company, mail, phone?.replaceAll(/\D/g, ''), tenant][i % 4] ?? tenant
    const from = Math.min(i % 5, Math.max(0, text.length - 3))
    return text.slice(from, from + 3 + (i % 8))
  })
  return terms.filter((term) => term.trim().length >= 3)
}
