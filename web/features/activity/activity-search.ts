import { isDateChoice } from '../../ui/date-choice.ts'

/** Filters of the journal as they stand in the address. */
export type ActivitySearch = {
  action?: string
  actor?: string
  objectType?: string
  objectId?: string
  result?: string
  /** Days of the entry: see DateChoice. The name is that of links that are about. */
  since?: string
  /** The entry whose panel is open. */
  entry?: string
}

export const results = ['ok', 'refused', 'failed'] as const

const TEXT_LENGTH_MAX = 200
const texts = ['action', 'actor', 'objectType', 'objectId', 'entry'] as const

export function readActivitySearch(raw: Record<string, unknown>): ActivitySearch {
  const search: ActivitySearch = {}
  for (const name of texts) {
    const value = raw[name]
    if (typeof value === 'string' && value.trim() !== '') search[name] = value.slice(0, TEXT_LENGTH_MAX)
  }
  if (typeof raw.since === 'string' && isDateChoice(raw.since)) search.since = raw.since
  const result = results.find((one) => one === raw.result)
  if (result) search.result = result
  return search
}
