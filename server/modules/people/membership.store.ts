import { type Selectable, sql } from 'kysely'
import { openTables, type Tx } from '../../platform/db/transaction.ts'
import type { Membership, Role } from './person.rules.ts'

type MembershipRow = {
  membership_id: string
  person_id: string
  tier: Role['tier']
  level: Role['level']
  operator_id: number | null
  channel_id: number | null
  tenant_id: string | null
  created_at: Date
}
export type NamedMembershipRow = MembershipRow & { operator_name: string | null; channel_name: string | null }
type MembershipTables = { membership: MembershipRow; named_membership: NamedMembershipRow }

/** What people are: in an operator's transaction for that operator, in one without operator everywhere. */
export function membershipStore(tx: Tx) {
  const db = openTables<MembershipTables>(tx)
  return {
    async listOf(personId: string): Promise<Membership[]> {
      const rows = await db
        .selectFrom('named_membership')
        .selectAll()
        .where('person_id', '=', personId)
        .orderBy(sql`operator_id nulls first`)
        .execute()
      return rows.map(toMembership)
    },

    async insert(personId: string, role: Role, membershipId: string, now: Date): Promise<void> {
      await db
        .insertInto('membership')
        .values({ membership_id: membershipId, person_id: personId, ...toRow(role), created_at: now })
        .execute()
    },

    async update(membershipId: string, role: Role): Promise<void> {
      await db.updateTable('membership').set(toRow(role)).where('membership_id', '=', membershipId).execute()
    },

    async delete(membershipId: string): Promise<void> {
      await db.deleteFrom('membership').where('membership_id', '=', membershipId).execute()
    },

    /** Whether the installation has somebody, able to sign in, who may do everything. */
    async hasPlatformAdministrator(): Promise<boolean> {
      const row = await db
        .selectFrom('membership')
        .select('membership_id')
        .where('tier', '=', 'platform')
        .where('level', '=', 'administrator')
        .limit(1)
        .executeTakeFirst()
      return row !== undefined
    },
  }
}

export function toMembership(row: Omit<Selectable<NamedMembershipRow>, 'person_id' | 'created_at'>): Membership {
  return {
    membershipId: row.membership_id,
    tier: row.tier,
    level: row.level,
    operatorId: row.operator_id,
    channelId: row.channel_id,
    tenantId: row.tenant_id,
    operatorName: row.operator_name,
    channelName: row.channel_name,
  }
}

function toRow({ tier, level, operatorId, channelId, tenantId }: Role) {
  return { tier, level, operator_id: operatorId, channel_id: channelId, tenant_id: tenantId }
}
