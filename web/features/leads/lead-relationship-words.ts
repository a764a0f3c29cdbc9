import type { TFunction } from 'i18next'
import type { RelationshipStatus } from '../../api/direct-leads.ts'

/** Microsoft's word for the relationship in plain English; one we do not know as it came. */
export function relationshipWord(t: TFunction, relationship: { status?: unknown } | null | undefined): string {
  const status = relationship?.status
  if (typeof status !== 'string' || status === '') return t('leadDesk.relationship.none')
  return t(`leadDesk.relationship.word.${status as RelationshipStatus}`, { defaultValue: status })
}
