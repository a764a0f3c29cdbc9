import { AppError, badRequest } from '../../kernel/errors.ts'
import { parseInstant } from '../../kernel/instant.ts'
import type { Principal } from '../../kernel/principal.ts'
import type { Permitted } from './lead.rules.ts'

/** Somebody who may be named as an owner, as the module people knows him. */
export type StaffMember = { personId: string; name: string; channelId: number | null; channelName: string | null }

/** Whether somebody of the staff can see a lead of this channel (null: of none): those of the operator see every lead. */
export function seesLead(member: Pick<StaffMember, 'channelId'>, channelId: number | null): boolean {
  return member.channelId === null || member.channelId === channelId
}

export function mayOwn(member: StaffMember, lead: { channelId: number | null }): Permitted {
  if (seesLead(member, lead.channelId)) return { ok: true }
  const reason = `${member.name} works for ${member.channelName ?? 'another channel'} and cannot see this lead.`
  return { ok: false, code: 'owner-out-of-reach', reason }
}

/** The id of a person who is asked for as an owner; `me` only where somebody is signed in. */
export function ownerAsked(
  principal: Pick<Principal, 'kind' | 'id'>,
  asked: string | null,
  pointer: string,
): string | null {
  if (asked !== 'me') return asked?.toLowerCase() ?? null
  if (principal.kind === 'person') return principal.id
  throw badRequest([{ pointer, detail: 'An API client owns no leads: name a person.' }])
}

/** Somebody who may be named as an owner; 400 where there is no such person. */
export function staffMember(staff: readonly StaffMember[], personId: string, pointer: string): StaffMember {
  const member = staff.find((one) => one.personId === personId)
  if (member) return member
  const detail = 'Nobody with this id works on leads here, or he has left. GET /api/v4/lead-owners names those who do.'
  throw badRequest([{ pointer, detail }])
}

/** A due date as it was asked for, in the future; null: none. */
export function dueAsked(asked: string | null, now: Date, pointer: string): Date | null {
  if (asked === null) return null
  const at = parseInstant(asked)
  if (!at) {
    const detail = 'Must be a date or an instant in ISO 8601, such as 2026-12-01 or 2026-12-01T09:00:00Z.'
    throw badRequest([{ pointer, detail }])
  }
  if (at > now) return at
  throw badRequest([{ pointer, detail: 'This time has passed: give one that is still to come.' }])
}

export function refused({ code, reason }: { code: string; reason: string }): AppError {
  return new AppError({ code, status: 409, detail: reason })
}
