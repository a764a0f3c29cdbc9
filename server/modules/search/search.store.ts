import type { Principal } from '../../kernel/principal.ts'
import { type Reader, settingOf } from '../../platform/db/reader.ts'

/** Leads that are looked at, some more at most: the best of them are told. */
const CANDIDATES = 60
const CANDIDATES_MAX = 200
/** The newest leads are searched first, one by one: in a scope that is larger, what is rare among them by the index. */
const NEWEST = 10_000
/** Fewer letters are looked for at the beginning of texts only: the index of what they may hold begins here. */
const ANYWHERE_LETTERS = 3

export type CandidateLead = {
  lead_id: string
  tenant_id: string
  company_name: string
  contact: { fullName?: string | null; email?: string | null } | null
  status: string
  licensed: boolean
  channel_name: string | null
  short_name: string | null
}
export type CandidateChannel = { channel_id: number; name: string }

/** What is looked for: folded, and as the index of leads has it. */
export type Looked = { typed: string; key: string }

/**
 * Reads leads and channels in one round trip, and writes nothing. A search over modules needs one statement for all of them:
 * it is asked with every letter.
 */
export function searchStore(reader: Reader, principal: Principal) {
  const operatorId = Math.trunc(principal.operatorId ?? 0)

  return {
    /** The newest first; `withChannels` false: channels are not asked for. */
    async candidates(
      { typed, key }: Looked,
      withChannels: boolean,
    ): Promise<{ leads: CandidateLead[]; channels: CandidateChannel[] }> {
      const anywhere = [...typed].length >= ANYWHERE_LETTERS
      const found = [`select leads_found_first(${settingOf('f_key')}, ${anywhere}, ${CANDIDATES}, ${NEWEST})`]
      if (anywhere) {
        found.push(`select leads_with_reference(${settingOf('f_holds')})`)
        found.push(`select leads_with_service(${settingOf('f_name')})`)
      }
      const leads = `
        with found as materialized (
          select distinct arrival from (${found.join(' union all ')}) f (arrival) limit ${CANDIDATES_MAX}
        )
        select l.lead_id, l.tenant_id, l.company_name, l.body::json->'contactDetails' as contact, l.status,
          l.ump_customer_guid is not null as licensed, c.name as channel_name, s.short_name
        from found join lead l on l.operator_id = ${operatorId} and l.arrival = found.arrival
        left join service s on s.operator_id = ${operatorId} and s.lead_id = l.lead_id
        left join channel c on c.operator_id = ${operatorId} and c.channel_id = l.channel_id
        order by l.arrival desc`
      const channels = `
        select channel_id, name from channel
        where operator_id = ${operatorId} and deleted_at is null
          and coalesce(name_folded, lower(name)) like ${settingOf('f_name')}
        order by name limit ${CANDIDATES}`
      const [leadRows = [], channelRows = []] = await reader.read(
        principal,
        withChannels ? [leads, channels] : [leads],
        {
          ...{ f_key: key, f_holds: `%${key}%` },
          f_name: `%${typed.replace(/[\\%_]/g, '\\$&')}%`,
        },
      )
      return { leads: leadRows as CandidateLead[], channels: channelRows as CandidateChannel[] }
    },
  }
}
