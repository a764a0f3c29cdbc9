import { sql } from 'kysely'
import { openTables, type Tx } from '../../platform/db/transaction.ts'
import type { Role } from './person.rules.ts'

type PeopleTables = {
  membership: {
    membership_id: string
    person_id: string
    tier: Role['tier']
    level: Role['level']
    operator_id: number | null
    channel_id: number | null
  }
  person: { person_id: string; name: string }
  invitation: {
    invitation_id: string
    name: string
    operator_id: number | null
    channel_id: number | null
    used_at: Date | null
    revoked_at: Date | null
  }
}

export type ChannelPerson = { personId: string; name: string; level: Role['level']; reachesBeyond: boolean }

/** People and invitations of channels, in the scope of the transaction. */
export function channelPeopleStore(tx: Tx) {
  const db = openTables<PeopleTables>(tx)
  return {
    async count(): Promise<Map<number, number>> {
      const rows = await db
        .selectFrom('membership')
        .select(['channel_id', sql<number>`count(*)::int`.as('people')])
        .where('operator_id', '=', tx.operatorId)
        .where('channel_id', 'is not', null)
        .groupBy('channel_id')
        .execute()
      return new Map(rows.map((row) => [row.channel_id ?? 0, row.people]))
    },

    async list(channelId: number): Promise<ChannelPerson[]> {
      const rows = await db
        .selectFrom('membership as m')
        .innerJoin('person as p', 'p.person_id', 'm.person_id')
        .select(['m.person_id', 'p.name', 'm.level', sql<boolean>`person_reaches_beyond(m.person_id)`.as('beyond')])
        .where('m.operator_id', '=', tx.operatorId)
        .where('m.channel_id', '=', channelId)
        .orderBy('m.person_id')
        .execute()
      return rows.map((row) => ({
        personId: row.person_id,
        name: row.name,
        level: row.level,
        reachesBeyond: row.beyond,
      }))
    },

    async deleteMemberships(channelId: number): Promise<void> {
      await db
        .deleteFrom('membership')
        .where('operator_id', '=', tx.operatorId)
        .where('channel_id', '=', channelId)
        .execute()
    },

    async revokeInvitations(channelId: number, now: Date): Promise<{ id: string; name: string }[]> {
      const rows = await db
        .updateTable('invitation')
        .set({ revoked_at: now })
        .where('operator_id', '=', tx.operatorId)
        .where('channel_id', '=', channelId)
        .where('used_at', 'is', null)
        .where('revoked_at', 'is', null)
        .returning(['invitation_id', 'name'])
        .execute()
      return rows.map((row) => ({ id: row.invitation_id, name: row.name }))
    },
  }
}
