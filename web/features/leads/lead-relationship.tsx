import type { TFunction } from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RelationshipStatus } from '../../api/direct-leads.ts'
import type { DeskLeadDetail } from '../../api/leads.ts'
import { PermittedButton } from '../../shell/permitted.tsx'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { Fact, Facts } from '../../ui/states.tsx'
import desk from './lead-desk.module.css'
import { LeadRelationshipDialog } from './lead-relationship-dialog.tsx'
import { relationshipWord } from './lead-relationship-words.ts'
import styles from './leads.module.css'

/** How far the carrier is with the customer, as Microsoft keeps it. Source: microsoft.md A.4; issue 5, 3. */
export function LeadRelationship({ lead }: { lead: DeskLeadDetail }) {
  const { t } = useTranslation()
  const [isOpen, setIsOpen] = useState(false)
  const { relationship } = lead
  return (
    <section aria-label={t('leadDesk.relationship.title')}>
      <div className={desk.sectionHead}>
        <h3 className={styles.section}>{t('leadDesk.relationship.title')}</h3>
        <PermittedButton size="small" permission="leads.write" onClick={() => setIsOpen(true)}>
          {t('leadDesk.relationship.change')}
        </PermittedButton>
      </div>
      <Facts>
        <Fact name={t('leadDesk.relationship.state')}>
          {relationship?.status ? relationshipWord(t, relationship) : t('leadDesk.relationship.notSet')}
        </Fact>
        {relationship?.comment && (
          <Fact name={t('leadDesk.relationship.comment')}>
            <span className={desk.commentText} dir="auto">
              {relationship.comment}
            </span>
          </Fact>
        )}
        {relationship?.lastModifiedOn && (
          <Fact name={t('leadDesk.relationship.since')}>
            <RelativeTime instant={relationship.lastModifiedOn} />
          </Fact>
        )}
      </Facts>
      <p className={styles.note}>{meaningOf(t, lead)}</p>
      {isOpen && <LeadRelationshipDialog lead={lead} onClose={() => setIsOpen(false)} />}
    </section>
  )
}

function meaningOf(t: TFunction, { relationship }: DeskLeadDetail): string {
  const status = relationship?.status as RelationshipStatus | null | undefined
  if (!status) return t('leadDesk.relationship.noneText')
  return t(`leadDesk.relationship.meaning.${status}`, { defaultValue: t('lead.meaning.other') })
}
