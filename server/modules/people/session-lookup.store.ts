import { SESSION_IDLE_SECONDS } from '../../../contract/sessions.ts'
import { installationPrincipal } from '../../kernel/principal.ts'
import { type Reader, settingOf } from '../../platform/db/reader.ts'
import { type NamedMembershipRow, toMembership } from './membership.store.ts'
import type { Membership, Person } from './person.rules.ts'
import { type PersonRow, toPerson } from './person.store.ts'
import { type Session, type SessionRow, toSession } from './session.store.ts'

/** An open session with what its person is; `operators` only for somebody who is something everywhere. */
export type SessionLookUp = {
  session: Session
  person: Person | undefined
  memberships: Membership[]
  operators: { operatorId: number; name: string }[]
}

const OPEN = `token_hash = decode(${settingOf('f_token')}, 'hex') and revoked_at is null
  and expires_at > ${settingOf('f_now')}::timestamptz and last_seen_at > ${settingOf('f_idle_since')}::timestamptz`
const WHOSE = `(select person_id from session where ${OPEN})`

/** Everything a request has to know of its session, in one round trip: each request of a person asks it. */
export async function lookUpSession(
  reader: Reader,
  tokenHash: Buffer,
  now: Date,
  requestId: string,
): Promise<SessionLookUp | undefined> {
  const [sessions = [], people = [], memberships = [], operators = []] = await reader.read(
    installationPrincipal('session check', requestId),
    [
      `select * from session where ${OPEN}`,
      `select * from person where person_id = ${WHOSE}`,
      `select * from named_membership where person_id = ${WHOSE} order by operator_id nulls first`,
      `select operator_id, name from operator where exists (
         select from membership where person_id = ${WHOSE} and operator_id is null) order by operator_id`,
    ],
    {
      f_token: tokenHash.toString('hex'),
      f_now: now.toISOString(),
      f_idle_since: new Date(now.getTime() - SESSION_IDLE_SECONDS * 1000).toISOString(),
    },
  )
  const [session] = sessions as SessionRow[]
  const [person] = people as PersonRow[]
  if (!session) return undefined
  return {
    session: toSession(session),
    person: person && toPerson(person),
    memberships: (memberships as NamedMembershipRow[]).map(toMembership),
    operators: operators.map(({ operator_id, name }) => ({ operatorId: operator_id, name })),
  }
}
