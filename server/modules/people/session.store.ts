import { type Selectable, sql } from 'kysely'
import { SESSION_IDLE_SECONDS } from '../../../contract/sessions.ts'
import { openTables, type Tx } from '../../platform/db/transaction.ts'

export type Session = {
  sessionId: string
  personId: string
  method: 'password' | 'openid-connect' | 'invitation'
  createdAt: Date
  lastSeenAt: Date
  /** When it ends in any case. */
  expiresAt: Date
  sourceIp: string
  userAgent: string
}

export type SessionRow = {
  session_id: string
  token_hash: Buffer
  person_id: string
  method: Session['method']
  created_at: Date
  last_seen_at: Date
  expires_at: Date
  source_ip: string
  user_agent: string
  revoked_at: Date | null
}

/** Ended sessions are kept so long: from their addresses nobody is slowed by what others guess. */
export const KNOWN_ADDRESS_DAYS = 90

/** Sessions in the scope of the transaction. "Open" is neither ended, nor idle, nor too old. */
export function sessionStore(tx: Tx, now: Date) {
  const db = openTables<{ session: SessionRow }>(tx)
  const idleSince = new Date(now.getTime() - SESSION_IDLE_SECONDS * 1000)
  const open = () =>
    db
      .selectFrom('session')
      .where('revoked_at', 'is', null)
      .where('expires_at', '>', now)
      .where('last_seen_at', '>', idleSince)
  return {
    async listOpen(personId: string): Promise<Session[]> {
      const rows = await open()
        .selectAll()
        .where('person_id', '=', personId)
        .orderBy('last_seen_at', 'desc')
        .orderBy('session_id')
        .execute()
      return rows.map(toSession)
    },

    /** Open sessions of everybody in scope who has any. */
    async countOpen(): Promise<Map<string, number>> {
      const rows = await open()
        .select(['person_id', sql<number>`count(*)::int`.as('sessions')])
        .groupBy('person_id')
        .execute()
      return new Map(rows.map((row) => [row.person_id, row.sessions]))
    },

    async insert(session: Session, tokenHash: Buffer): Promise<void> {
      await db
        .insertInto('session')
        .values({
          session_id: session.sessionId,
          token_hash: tokenHash,
          person_id: session.personId,
          method: session.method,
          created_at: session.createdAt,
          last_seen_at: session.lastSeenAt,
          expires_at: session.expiresAt,
          source_ip: session.sourceIp,
          user_agent: session.userAgent,
          revoked_at: null,
        })
        .execute()
    },

    async touch(sessionId: string): Promise<void> {
      await db.updateTable('session').set({ last_seen_at: now }).where('session_id', '=', sessionId).execute()
    },

    /** Ends sessions of a person: one, all, or all but one. Says how many were open. */
    async revoke(personId: string, which: { only?: string; but?: string } = {}): Promise<number> {
      let update = db
        .updateTable('session')
        .set({ revoked_at: now })
        .where('person_id', '=', personId)
        .where('revoked_at', 'is', null)
        .where('expires_at', '>', now)
        .where('last_seen_at', '>', idleSince)
      if (which.only !== undefined) update = update.where('session_id', '=', which.only)
      if (which.but !== undefined) update = update.where('session_id', '!=', which.but)
      return Number((await update.executeTakeFirst()).numUpdatedRows)
    },

    async isKnownAddress(personId: string, sourceIp: string): Promise<boolean> {
      const row = await db
        .selectFrom('session')
        .select('session_id')
        .where('person_id', '=', personId)
        .where('source_ip', '=', sourceIp)
        .limit(1)
        .executeTakeFirst()
      return row !== undefined
    },

    /** Forgets what is older than anybody needs. */
    async prune(personId: string): Promise<void> {
      const before = new Date(now.getTime() - KNOWN_ADDRESS_DAYS * 86_400_000)
      await db.deleteFrom('session').where('person_id', '=', personId).where('created_at', '<', before).execute()
    },
  }
}

export function toSession(row: Selectable<SessionRow>): Session {
  return {
    sessionId: row.session_id,
    personId: row.person_id,
    method: row.method,
    createdAt: row.created_at,
    lastSeenAt: row.last_seen_at,
    expiresAt: row.expires_at,
    sourceIp: row.source_ip,
    userAgent: row.user_agent,
  }
}
