import { type Selectable, sql } from 'kysely'
import { openTables, type Tx } from '../../platform/db/transaction.ts'
import { type NamedMembershipRow, toMembership } from './membership.store.ts'
import { type Membership, type Person, VISIT_GAP_SECONDS } from './person.rules.ts'

export type PersonRow = {
  person_id: string
  email: string
  name: string
  state: 'active' | 'suspended'
  password_hash: string | null
  open_id_subject: string | null
  second_factor_sealed: string | null
  second_factor_pending: string | null
  second_factor_step: number | null
  recovery_hashes: Buffer[]
  is_sample: boolean
  created_at: Date
  last_sign_in_at: Date | null
  last_seen_at: Date | null
  previous_visit_at: Date | null
}

type PersonTables = { person: PersonRow; named_membership: NamedMembershipRow }

/** What signing in needs to know; never leaves this module. */
export type Credentials = {
  passwordHash: string | null
  openIdSubject: string | null
  secondFactorSealed: string | null
  secondFactorPending: string | null
  secondFactorStep: number | null
  recoveryHashes: Buffer[]
}

export type CredentialedPerson = { person: Person; credentials: Credentials }

/** A person with what he is here, and whether he is more elsewhere. */
export type ListedPerson = { person: Person; membership: Membership; reachesBeyond: boolean }

/** People in the scope of the transaction: those with a membership there; all of them where it has no operator. */
export function personStore(tx: Tx) {
  const db = openTables<PersonTables>(tx)
  const update = (personId: string, changes: Partial<PersonRow>) =>
    db.updateTable('person').set(changes).where('person_id', '=', personId).execute()
  return {
    async findByEmail(email: string): Promise<CredentialedPerson | undefined> {
      const query = db.selectFrom('person').selectAll().where(sql`lower(email)`, '=', sql`lower(${email})`)
      return credentialed(await query.executeTakeFirst())
    },

    async find(personId: string): Promise<Person | undefined> {
      const row = await db.selectFrom('person').selectAll().where('person_id', '=', personId).executeTakeFirst()
      return row && toPerson(row)
    },

    /** The row stays as it is until the transaction ends. */
    async lock(personId: string): Promise<CredentialedPerson | undefined> {
      const query = db.selectFrom('person').selectAll().where('person_id', '=', personId).forUpdate()
      return credentialed(await query.executeTakeFirst())
    },

    /** People of this operator (number) or of the platform tier (null), by name; `personId`: that one only. */
    async list(operatorId: number | null, personId?: string): Promise<ListedPerson[]> {
      let query = db
        .selectFrom('named_membership as m')
        .innerJoin('person', 'person.person_id', 'm.person_id')
        .selectAll('person')
        .select(['m.membership_id', 'm.tier', 'm.level', 'm.operator_id', 'm.channel_id', 'm.tenant_id'])
        .select(['m.operator_name', 'm.channel_name'])
        .select(sql<boolean>`person_reaches_beyond(person.person_id)`.as('reaches_beyond'))
        .where('m.operator_id', operatorId === null ? 'is' : '=', operatorId)
        .orderBy(sql`lower(person.name)`)
        .orderBy('person.person_id')
      if (personId !== undefined) query = query.where('person.person_id', '=', personId)
      const rows = await query.execute()
      return rows.map((row) => ({
        person: toPerson(row),
        membership: toMembership(row),
        reachesBeyond: row.reaches_beyond,
      }))
    },

    async insert(person: NewPerson): Promise<void> {
      await db
        .insertInto('person')
        .values({
          person_id: person.personId,
          email: person.email,
          name: person.name,
          state: 'active',
          password_hash: person.passwordHash,
          open_id_subject: person.openIdSubject ?? null,
          second_factor_sealed: null,
          second_factor_pending: null,
          second_factor_step: null,
          recovery_hashes: [],
          is_sample: person.isSample ?? false,
          created_at: person.createdAt,
          last_sign_in_at: null,
          last_seen_at: null,
          previous_visit_at: null,
        })
        .execute()
    },

    setState: (personId: string, state: Person['state']) => update(personId, { state }),
    setPassword: (personId: string, hash: string | null) => update(personId, { password_hash: hash }),
    setOpenIdSubject: (personId: string, subject: string | null) => update(personId, { open_id_subject: subject }),
    beginSecondFactor: (personId: string, sealed: string) => update(personId, { second_factor_pending: sealed }),

    confirmSecondFactor: (personId: string, sealed: string, step: number, recoveryHashes: Buffer[]) =>
      update(personId, {
        second_factor_sealed: sealed,
        second_factor_pending: null,
        second_factor_step: step,
        recovery_hashes: recoveryHashes,
      }),

    removeSecondFactor: (personId: string) =>
      update(personId, {
        second_factor_sealed: null,
        second_factor_pending: null,
        second_factor_step: null,
        recovery_hashes: [],
      }),

    /** False when the step was used in the meantime: a code works once, also when it comes twice at the same moment. */
    async useStep(personId: string, step: number): Promise<boolean> {
      const result = await db
        .updateTable('person')
        .set({ second_factor_step: step })
        .where('person_id', '=', personId)
        .where((where) => where.or([where('second_factor_step', 'is', null), where('second_factor_step', '<', step)]))
        .executeTakeFirst()
      return result.numUpdatedRows > 0n
    },

    /** False when the code is none of his, or was used. */
    async useRecoveryCode(personId: string, hash: Buffer): Promise<boolean> {
      const result = await db
        .updateTable('person')
        .set({ recovery_hashes: sql<Buffer[]>`array_remove(recovery_hashes, ${hash}::bytea)` })
        .where('person_id', '=', personId)
        .where(sql<boolean>`${hash}::bytea = any(recovery_hashes)`)
        .executeTakeFirst()
      return result.numUpdatedRows > 0n
    },

    /** Notes that he is here; after half an hour without him this is a new visit, and the one before ended then. */
    async touch(personId: string, now: Date, isSignIn: boolean): Promise<void> {
      const gapBegan = new Date(now.getTime() - VISIT_GAP_SECONDS * 1000)
      await db
        .updateTable('person')
        .set({
          previous_visit_at: sql<Date>`case when last_seen_at < ${gapBegan} then last_seen_at else previous_visit_at end`,
          last_seen_at: now,
          ...(isSignIn && { last_sign_in_at: now }),
        })
        .where('person_id', '=', personId)
        .execute()
    },
  }
}

export type NewPerson = {
  personId: string
  email: string
  name: string
  passwordHash: string | null
  openIdSubject?: string | null
  isSample?: boolean
  createdAt: Date
}

function credentialed(row: Selectable<PersonRow> | undefined): CredentialedPerson | undefined {
  if (!row) return undefined
  return {
    person: toPerson(row),
    credentials: {
      passwordHash: row.password_hash,
      openIdSubject: row.open_id_subject,
      secondFactorSealed: row.second_factor_sealed,
      secondFactorPending: row.second_factor_pending,
      secondFactorStep: row.second_factor_step,
      recoveryHashes: row.recovery_hashes,
    },
  }
}

export function toPerson(row: Selectable<PersonRow>): Person {
  return {
    personId: row.person_id,
    email: row.email,
    name: row.name,
    state: row.state,
    hasPassword: row.password_hash !== null,
    secondFactor: row.second_factor_sealed !== null,
    recoveryCodesLeft: row.recovery_hashes.length,
    isSample: row.is_sample,
    createdAt: row.created_at,
    lastSignInAt: row.last_sign_in_at,
    lastSeenAt: row.last_seen_at,
    previousVisitAt: row.previous_visit_at,
  }
}
