import type { WireFound } from '../../contract/search.ts'
import { call } from './call.ts'

export type { WireFound, WireFoundChannel, WireFoundLead } from '../../contract/search.ts'

/** A few leads, tenants and channels for what was typed so far; given up with `signal` when the next letter comes. */
export function search(
  operatorId: number,
  query: { q: string; limit: number },
  signal: AbortSignal,
): Promise<WireFound> {
  return call('GET', '/api/v4/search', { operatorId, query, signal })
}
