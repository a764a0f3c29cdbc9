import type { ColumnChoice, WirePreferences } from '../../../contract/preferences.ts'
import type { ViewList } from '../../../contract/views.ts'
import { connectionOf, type Tx } from '../../platform/db/transaction.ts'

/** What is changed; what is left out stays, null goes. */
export type PreferenceChange = {
  columns?: Partial<Record<ViewList, ColumnChoice[] | null>>
  defaultView?: { operatorId: number; list: ViewList; viewId: string | null }
}

export async function preferencesOf(tx: Tx, personId: string): Promise<WirePreferences> {
  const { rows } = await connectionOf(tx).query<{ name: string; value: unknown }>(
    'select name, value from person_preference where person_id = $1 order by name',
    [personId],
  )
  const found: WirePreferences = { columns: { leads: null, tenants: null }, defaultViews: [] }
  for (const { name, value } of rows) {
    const [kind, ...place] = name.split('/')
    if (kind === 'columns') found.columns[place[0] as ViewList] = value as ColumnChoice[]
    else {
      const [operatorId, list] = place as [string, ViewList]
      found.defaultViews.push({ operatorId: Number(operatorId), list, viewId: value as string })
    }
  }
  return found
}

export async function changePreferences(tx: Tx, personId: string, change: PreferenceChange): Promise<void> {
  const { columns = {}, defaultView } = change
  const entries: [name: string, value: unknown][] = Object.entries(columns).map(([list, value]) => [
    `columns/${list}`,
    value,
  ])
  if (defaultView) entries.push([`default-view/${defaultView.operatorId}/${defaultView.list}`, defaultView.viewId])
  for (const [name, value] of entries) {
    if (value === null) {
      await connectionOf(tx).query('delete from person_preference where person_id = $1 and name = $2', [personId, name])
    } else {
      await connectionOf(tx).query(
        `insert into person_preference (person_id, name, value) values ($1, $2, $3)
         on conflict (person_id, name) do update set value = excluded.value`,
        [personId, name, JSON.stringify(value)],
      )
    }
  }
}
