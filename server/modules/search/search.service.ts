import { SEARCH_ROWS_DEFAULT, type WireFound, type WireFoundLead } from '../../../contract/search.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { Reader } from '../../platform/db/reader.ts'
import { foldSearch, searchKey } from '../leads/index.ts'
import { bestOf } from './search.rules.ts'
import { type CandidateLead, searchStore } from './search.store.ts'

export type SearchService = ReturnType<typeof createSearchService>

const NOTHING: WireFound = { leads: [], tenants: [], channels: [] }

/** A few leads, tenants and channels for what somebody has typed so far. */
export function createSearchService({ reader }: { reader: Reader }) {
  return {
    async find(
      principal: OperatorPrincipal,
      { q = '', limit = SEARCH_ROWS_DEFAULT }: { q?: string | undefined; limit?: number | undefined },
      signal: AbortSignal,
    ): Promise<WireFound> {
      const typed = foldSearch(q).trim()
      // Whoever has typed the next letter meanwhile wants no answer to this one.
      if (typed === '' || signal.aborted) return NOTHING
      const withChannels = principal.permissions.has('channels.read')
      const looked = { typed, key: searchKey(typed) }
      const { leads, channels } = await searchStore(reader, principal).candidates(looked, withChannels)
      const best = (licensed: boolean) =>
        bestOf(
          leads.filter((lead) => lead.licensed === licensed),
          ({ company_name, short_name }) => [company_name, short_name ?? ''].map(foldSearch),
          typed,
          limit,
        ).map(foundLead)
      return {
        leads: best(false),
        tenants: best(true),
        channels: bestOf(channels, ({ name }) => [foldSearch(name)], typed, limit).map(({ channel_id, name }) => ({
          id: channel_id,
          name,
        })),
      }
    },
  }
}

function foundLead({
  lead_id,
  tenant_id,
  company_name,
  contact,
  status,
  channel_name,
  short_name,
}: CandidateLead): WireFoundLead {
  return {
    id: lead_id,
    tenantId: tenant_id,
    companyName: company_name || null,
    contactName: contact?.fullName || null,
    contactEmail: contact?.email || null,
    status,
    channelName: channel_name,
    shortName: short_name,
  }
}
