import type { ViewList } from '../../../contract/views.ts'
import { connectionOf, type Tx } from '../../platform/db/transaction.ts'
import { foldViewName, ownerOf, type View } from './view.rules.ts'

const COLUMNS = `view_id as "viewId", channel_id as "channelId", owner, shared, list, name, query, columns, version,
  created_at as "createdAt", created_by as "createdBy", changed_at as "changedAt"`

/** Saved views in the scope of the transaction: one's own, and those that are shared. */
export function viewStore(tx: Tx) {
  const { operatorId, principal } = tx
  const own = ownerOf(principal)
  const visible = 'operator_id = $1 and (shared or owner = $2)'

  return {
    /** Of the very scope one works in, by name. */
    async list(): Promise<View[]> {
      const { rows } = await connectionOf(tx).query<View>(
        `select ${COLUMNS} from saved_view where ${visible} and channel_id is not distinct from $3
         order by name_folded, view_id`,
        [operatorId, own, principal.channelId],
      )
      return rows
    },

    async find(viewId: string): Promise<View | undefined> {
      const { rows } = await connectionOf(tx).query<View>(
        `select ${COLUMNS} from saved_view where ${visible} and view_id = $3`,
        [operatorId, own, viewId],
      )
      return rows[0]
    },

    async lock(viewId: string): Promise<View | undefined> {
      const { rows } = await connectionOf(tx).query<View>(
        `select ${COLUMNS} from saved_view where ${visible} and view_id = $3 for update`,
        [operatorId, own, viewId],
      )
      return rows[0]
    },

    /** Views of its kind in its scope: those its owner keeps to himself, or those that are shared. */
    async count({ channelId, shared, owner }: Pick<View, 'channelId' | 'shared' | 'owner'>): Promise<number> {
      const { rows } = await connectionOf(tx).query<{ count: number }>(
        `select count(*)::int as count from saved_view
         where operator_id = $1 and channel_id is not distinct from $2 and shared = $3 and ($3 or owner = $4)`,
        [operatorId, channelId, shared, owner],
      )
      return rows[0]?.count ?? 0
    },

    /** Whether another view of its kind has the name. */
    async isTaken(view: Pick<View, 'viewId' | 'channelId' | 'owner' | 'shared' | 'list' | 'name'>): Promise<boolean> {
      const { rows } = await connectionOf(tx).query(
        `select from saved_view where operator_id = $1 and channel_id is not distinct from $2 and shared = $3
           and ($3 or owner = $4) and list = $5 and name_folded = $6 and view_id <> $7`,
        [operatorId, view.channelId, view.shared, view.owner, view.list, foldViewName(view.name), view.viewId],
      )
      return rows.length > 0
    },

    async insert(view: View): Promise<void> {
      const { viewId, channelId, owner, shared, list, name, query, columns, createdAt, createdBy } = view
      await connectionOf(tx).query(
        `insert into saved_view (operator_id, view_id, channel_id, owner, shared, list, name, name_folded, query, columns,
           created_at, created_by, changed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $11)`,
        [
          ...[operatorId, viewId, channelId, owner, shared, list satisfies ViewList, name, foldViewName(name)],
          ...[query, columns, createdAt, createdBy],
        ],
      )
    },

    async update({ viewId, shared, name, query, columns }: View, now: Date): Promise<void> {
      await connectionOf(tx).query(
        `update saved_view set shared = $3, name = $4, name_folded = $5, query = $6, columns = $7,
           version = version + 1, changed_at = $8
         where operator_id = $1 and view_id = $2`,
        [operatorId, viewId, shared, name, foldViewName(name), query, columns, now],
      )
    },

    async remove(viewId: string): Promise<void> {
      await connectionOf(tx).query('delete from saved_view where operator_id = $1 and view_id = $2', [
        operatorId,
        viewId,
      ])
    },
  }
}
