import { connectionOf, type Tx } from '../../platform/db/transaction.ts'

/** A profile as it was read from Microsoft. */
export type CallingProfileFacts = {
  id: string
  name: string
  environment: string | null
  region: string | null
  carrier: string | null
  offerTypes: { name: string; testNumbers: string[] }[]
  emergencyDialStrings: string[]
  isEmergencyProfile: boolean
  emergencyProfileId: string | null
  trunks: { id: string; fqdn: string }[]
  /** What came along and nobody here knows. */
  extra: Record<string, unknown>
}

export type StoredCallingProfile = {
  profileId: string
  profile: CallingProfileFacts
  fingerprint: string
  firstSeenAt: Date
  changedAt: Date
  removedAt: Date | null
}

const COLUMNS = `profile_id as "profileId", profile, fingerprint, first_seen_at as "firstSeenAt", changed_at as "changedAt",
  removed_at as "removedAt"`

/** Calling profiles of the operator of the transaction. */
export function callingProfileStore(tx: Tx) {
  const { operatorId } = tx
  const query = <R extends object>(sql: string, parameters: unknown[]) =>
    connectionOf(tx).query<R>(sql, [operatorId, ...parameters])

  return {
    /** Those that Microsoft lists by name, then the others. */
    async list(): Promise<StoredCallingProfile[]> {
      const { rows } = await query<StoredCallingProfile>(
        `select ${COLUMNS} from calling_profile where operator_id = $1
         order by removed_at is not null, lower(name), profile_id`,
        [],
      )
      return rows
    },

    async find(profileId: string): Promise<StoredCallingProfile | undefined> {
      const { rows } = await query<StoredCallingProfile>(
        `select ${COLUMNS} from calling_profile where operator_id = $1 and profile_id = $2`,
        [profileId],
      )
      return rows[0]
    },

    /** New, changed, or listed again. */
    async put(profile: CallingProfileFacts, fingerprint: string, now: Date): Promise<void> {
      await query(
        `insert into calling_profile (operator_id, profile_id, name, profile, trunk_fqdns, fingerprint, first_seen_at, changed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $7)
         on conflict (operator_id, profile_id) do update set name = excluded.name, profile = excluded.profile,
           trunk_fqdns = excluded.trunk_fqdns, fingerprint = excluded.fingerprint, changed_at = excluded.changed_at,
           removed_at = null`,
        [
          ...[profile.id, profile.name, JSON.stringify(profile), profile.trunks.map(({ fqdn }) => fqdn)],
          ...[fingerprint, now],
        ],
      )
    },

    async markRemoved(profileId: string, now: Date): Promise<void> {
      await query(
        'update calling_profile set removed_at = $3, changed_at = $3 where operator_id = $1 and profile_id = $2',
        [profileId, now],
      )
    },

    async noteSynced(now: Date): Promise<void> {
      await query(
        `insert into calling_profile_sync (operator_id, synced_at) values ($1, $2)
         on conflict (operator_id) do update set synced_at = excluded.synced_at`,
        [now],
      )
    },

    async syncedAt(): Promise<Date | null> {
      const { rows } = await query<{ syncedAt: Date }>(
        `select synced_at as "syncedAt" from calling_profile_sync where operator_id = $1`,
        [],
      )
      return rows[0]?.syncedAt ?? null
    },
  }
}
