import type { ColumnChoice, WirePreferences } from '../../contract/preferences.ts'
import type { ViewList } from '../../contract/views.ts'
import { call } from './call.ts'

export type { ColumnChoice, WirePreferences } from '../../contract/preferences.ts'

/** What is changed; what is left out stays, null goes. */
export type PreferenceChange = {
  columns?: Partial<Record<ViewList, ColumnChoice[] | null>>
  defaultView?: { operatorId: number; list: ViewList; viewId: string | null }
}

/** How one has set up the portal; read with `getMe`. */
export function setPreferences(change: PreferenceChange): Promise<WirePreferences> {
  return call('PUT', '/api/v4/me/preferences', { body: change })
}
