import type { TFunction } from 'i18next'
import type { DeskLead } from '../../api/leads.ts'

type Owned = Pick<DeskLead, 'owner' | 'formerOwner'>

/** Who sees to a lead, in words; of nobody it says who has left. */
export function ownerWords(t: TFunction, { owner, formerOwner }: Owned): string {
  if (owner) return owner.name ?? t('leadDuty.carrier')
  return formerOwner === null ? t('leadDuty.nobody') : t('leadDuty.left', { name: formerOwner })
}

/** Whether its time has passed by now: the answer of the server may be some minutes old. */
export function isOverdue({ due }: Pick<DeskLead, 'due'>, now: number): boolean {
  return due !== null && due.metAt === null && (due.overdue || Date.parse(due.at) <= now)
}
