import { ANOTHER_CHANNEL, CHECK_ONLINE } from '../../../contract/journal.ts'

type Masked = {
  channel_id: number | null
  actor_kind: string
  actor_id: string
  actor_name: string
  source_ip: string | null
  before: string | null
  after: string | null
  detail: string | null
}

/** In the JSON text of such an entry; what people write never holds it, because its quotes are escaped there. */
export const COMPANY_MARK = '"company":'

/**
 * An entry as a channel may read it. A lead brings its history along; but of what was written while it belonged to another
 * channel, or to none, a channel does not learn from where, and of another channel neither who nor which. Who of the carrier wrote a
 * comment it never learns: the carrier did. `madeElsewhere`: written for no channel, and yet the deed of another one.
 */
export function maskFor<Row extends Masked>(channelId: number | null, row: Row, madeElsewhere = false): Row {
  if (channelId === null) return row
  const company = companyOf(row)
  if (company !== null) {
    const told = { actor_id: '', actor_name: company, source_ip: null }
    return { ...row, ...told, channel_id: row.channel_id === channelId ? channelId : null }
  }
  if (row.channel_id === channelId) return row
  const shown = { ...row, source_ip: null, before: withoutChannel(row.before), after: withoutChannel(row.after) }
  const isOfPeople = row.actor_kind === 'person' || row.actor_kind === 'client'
  if (row.channel_id === null && !madeElsewhere) {
    // Earlier versions wrote down who had Microsoft asked, also where that was somebody of another channel.
    const isAsked = isOfPeople && row.detail === `Microsoft, by ${CHECK_ONLINE}`
    return isAsked ? { ...shown, actor_kind: 'job', actor_id: CHECK_ONLINE, actor_name: CHECK_ONLINE } : shown
  }
  const told = { ...shown, channel_id: null, before: withoutOwner(shown.before), after: withoutOwner(shown.after) }
  return isOfPeople ? { ...told, actor_id: '', actor_name: ANOTHER_CHANNEL } : told
}

/** The carrier, where the entry tells of a comment that one of its people wrote. */
function companyOf({ before, after }: Masked): string | null {
  const text = after ?? before
  if (!text?.includes(COMPANY_MARK)) return null
  try {
    const { comment } = JSON.parse(text) as { comment?: { company?: unknown } }
    return typeof comment?.company === 'string' ? comment.company : ANOTHER_CHANNEL
  } catch {
    // As below.
    return ANOTHER_CHANNEL
  }
}

/** JSON text without the one field that names a channel. */
function withoutChannel(text: string | null): string | null {
  return text?.includes('"channelId"') ? withoutFields(text, ['channelId']) : text
}

/** JSON text without the fields that name the owner of a lead. */
function withoutOwner(text: string | null): string | null {
  return text?.includes('"owner') ? withoutFields(text, ['owner', 'ownerId']) : text
}

function withoutFields(text: string, names: readonly string[]): string | null {
  try {
    const fields = Object.entries(JSON.parse(text) as Record<string, unknown>)
    return JSON.stringify(Object.fromEntries(fields.filter(([name]) => !names.includes(name))))
  } catch {
    // Somebody changed it past the journal: what it says cannot be told apart from what must not be said.
    return null
  }
}
