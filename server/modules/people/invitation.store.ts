import { type Selectable, sql } from 'kysely'
import { openTables, type Tx } from '../../platform/db/transaction.ts'
import type { Role } from './person.rules.ts'

/** A link somebody was given; `role` for an invitation, `personId` for a new password. */
export type Invitation = {
  invitationId: string
  /** null: the first administrator says his own. */
  email: string | null
  name: string
  operatorId: number | null
  operatorName: string | null
  channelId: number | null
  /** Of a customer: where the link leads to, and who sees it. */
  tenantId: string | null
  channelName: string | null
  invitedBy: string
  createdAt: Date
  expiresAt: Date
} & ({ purpose: 'invitation'; role: Role; personId: null } | { purpose: 'new-password'; role: null; personId: string })

export type NewInvitation = Omit<Invitation, 'operatorName' | 'channelName'>

type InvitationRow = {
  invitation_id: string
  purpose: Invitation['purpose']
  token_hash: Buffer
  email: string | null
  name: string
  person_id: string | null
  tier: Role['tier'] | null
  level: Role['level'] | null
  operator_id: number | null
  channel_id: number | null
  tenant_id: string | null
  invited_by: string
  created_at: Date
  expires_at: Date
  used_at: Date | null
  revoked_at: Date | null
}

/** Invitations in the scope of the transaction. "Open" is neither used, taken back, nor too old. */
export function invitationStore(tx: Tx, now: Date) {
  const db = openTables<{ invitation: InvitationRow }>(tx)
  const open = () =>
    db
      .selectFrom('invitation')
      .selectAll()
      .select(
        sql<string | null>`(select name from operator o where o.operator_id = invitation.operator_id)`.as(
          'operator_name',
        ),
      )
      .select(sql<string | null>`membership_channel_name(operator_id, channel_id)`.as('channel_name'))
      .where('used_at', 'is', null)
      .where('revoked_at', 'is', null)
      .where('expires_at', '>', now)
  const revoke = () =>
    db.updateTable('invitation').set({ revoked_at: now }).where('used_at', 'is', null).where('revoked_at', 'is', null)
  return {
    async findOpen(tokenHash: Buffer): Promise<Invitation | undefined> {
      const row = await open().where('token_hash', '=', tokenHash).executeTakeFirst()
      return row && toInvitation(row)
    },

    async findOpenById(invitationId: string): Promise<Invitation | undefined> {
      const row = await open().where('invitation_id', '=', invitationId).forUpdate().executeTakeFirst()
      return row && toInvitation(row)
    },

    /** True for one caller only, however many use the link at once. */
    async use(invitationId: string): Promise<boolean> {
      const result = await db
        .updateTable('invitation')
        .set({ used_at: now })
        .where('invitation_id', '=', invitationId)
        .where('used_at', 'is', null)
        .where('revoked_at', 'is', null)
        .executeTakeFirst()
      return result.numUpdatedRows > 0n
    },

    /** Open invitations (not new passwords) of an operator, or of the platform tier; newest first. */
    async listOpen(operatorId: number | null): Promise<Invitation[]> {
      const rows = await open()
        .where('purpose', '=', 'invitation')
        .where('operator_id', operatorId === null ? 'is' : '=', operatorId)
        .orderBy('created_at', 'desc')
        .orderBy('invitation_id')
        .execute()
      return rows.map(toInvitation)
    },

    async listOpenFor(email: string): Promise<Invitation[]> {
      const rows = await open()
        .where('purpose', '=', 'invitation')
        .where(sql`lower(email)`, '=', sql`lower(${email})`)
        .orderBy('created_at')
        .forUpdate()
        .execute()
      return rows.map(toInvitation)
    },

    async insert(invitation: NewInvitation, tokenHash: Buffer): Promise<void> {
      await db
        .insertInto('invitation')
        .values({
          invitation_id: invitation.invitationId,
          purpose: invitation.purpose,
          token_hash: tokenHash,
          email: invitation.email,
          name: invitation.name,
          person_id: invitation.personId,
          tier: invitation.role?.tier ?? null,
          level: invitation.role?.level ?? null,
          operator_id: invitation.operatorId,
          channel_id: invitation.channelId,
          tenant_id: invitation.tenantId,
          invited_by: invitation.invitedBy,
          created_at: invitation.createdAt,
          expires_at: invitation.expiresAt,
          used_at: null,
          revoked_at: null,
        })
        .execute()
    },

    async revoke(invitationId: string): Promise<void> {
      await revoke().where('invitation_id', '=', invitationId).execute()
    },

    /** Takes back what this address was given for this operator, or for the platform tier: a new invitation replaces it. */
    async revokeFor(email: string | null, operatorId: number | null): Promise<void> {
      let update = revoke()
        .where('purpose', '=', 'invitation')
        .where('operator_id', operatorId === null ? 'is' : '=', operatorId)
      update =
        email === null ? update.where('email', 'is', null) : update.where(sql`lower(email)`, '=', sql`lower(${email})`)
      await update.execute()
    },

    async revokeNewPasswords(personId: string): Promise<void> {
      await revoke().where('person_id', '=', personId).execute()
    },
  }
}

type NamedInvitationRow = Selectable<InvitationRow> & { operator_name: string | null; channel_name: string | null }

function toInvitation(row: NamedInvitationRow): Invitation {
  const shared = {
    invitationId: row.invitation_id,
    email: row.email,
    name: row.name,
    operatorId: row.operator_id,
    operatorName: row.operator_name,
    channelId: row.channel_id,
    channelName: row.channel_name,
    tenantId: row.tenant_id,
    invitedBy: row.invited_by,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  }
  const { tier, level, operator_id: operatorId, channel_id: channelId, tenant_id: tenantId } = row
  if (row.person_id !== null) return { ...shared, purpose: 'new-password', role: null, personId: row.person_id }
  // A check of the table: an invitation has both.
  if (tier === null || level === null) throw new Error(`Invitation ${row.invitation_id} has no role.`)
  return { ...shared, purpose: 'invitation', role: { tier, level, operatorId, channelId, tenantId }, personId: null }
}
