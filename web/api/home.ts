import type { WireHome } from '../../contract/home.ts'
import { callTagged } from './call.ts'

export type { WaitingKind, WireHome, WireTrouble } from '../../contract/home.ts'

/** In weeks of the user's time zone. The very same object while nothing has changed. */
export function getHome(operatorId: number, signal: AbortSignal): Promise<WireHome> {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions()
  return callTagged('/api/v4/home', { operatorId, query: { timeZone }, signal })
}
