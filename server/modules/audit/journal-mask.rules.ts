type Masked = {
  channel_id: number | null
  actor_kind: string
  actor_id: string
  actor_name: string
  source_ip: string | null
  before: string | null
  after: string | null
}

/** What a channel reads instead of a name. */
export const ANOTHER_CHANNEL = 'Another channel'

/**
 * An entry as a channel may read it. A lead brings its history along; but of what was written while it belonged to another
 * channel, or to none, a channel does not learn from where, and of another channel neither who nor which.
 */
export function maskFor<Row extends Masked>(channelId: number | null, row: Row): Row {
  if (channelId === null || row.channel_id === channelId) return row
  const shown = { ...row, source_ip: null, before: withoutChannel(row.before), after: withoutChannel(row.after) }
  const isOfPeople = row.actor_kind === 'person' || row.actor_kind === 'client'
  if (row.channel_id === null || !isOfPeople) return { ...shown, channel_id: null }
  return { ...shown, channel_id: null, actor_id: '', actor_name: ANOTHER_CHANNEL }
}

/** JSON text without the one field that names a channel. */
function withoutChannel(text: string | null): string | null {
  if (text === null || !text.includes('"channelId"')) return text
  try {
    const { channelId: _channel, ...rest } = JSON.parse(text) as Record<string, unknown>
    return JSON.stringify(rest)
  } catch {
    // Somebody changed it past the journal: what it says cannot be told apart from what must not be said.
    return null
  }
}
