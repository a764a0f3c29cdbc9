import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { DeskLeadDetail } from '../../api/leads.ts'
import { useNow } from '../../ui/clock.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import { dayAndTimeText, instantOf, isNear } from '../../ui/dates.ts'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { Fact, Facts } from '../../ui/states.tsx'
import { AffectedNotice } from './lead-affected.tsx'
import { LeadContacts } from './lead-contacts.tsx'
import { LeadDuty } from './lead-duty.tsx'
import { LeadReferences } from './lead-references.tsx'
import { LeadRelationship } from './lead-relationship.tsx'
import { LeadSiblings } from './lead-siblings.tsx'
import { License, MicrosoftStatus, Processing } from './lead-status.tsx'
import { contactsOf, sizeText } from './lead-words.ts'
import styles from './leads.module.css'
import { Market } from './market.tsx'

/** All fields of a lead, what its status means, and when it was last synced. */
export function LeadDetails({ lead }: { lead: DeskLeadDetail }) {
  const { t } = useTranslation()
  const extras = Object.keys(lead.extras).length > 0
  return (
    <>
      <AffectedNotice lead={lead} />
      <LeadSiblings lead={lead} />
      <LeadDuty key={`duty ${lead.id}`} lead={lead} />
      <h3 className={styles.section}>{t('lead.section.customer')}</h3>
      <Facts>
        <Fact name={t('lead.size')}>{sizeText(lead.companySize) || <None />}</Fact>
        <Fact name={t('lead.market')}>
          {lead.countries.length > 0 ? <Market countries={lead.countries} all /> : <None />}
        </Fact>
        <Id name={t('lead.tenantId')} id={lead.tenantId} />
        {lead.tenantOrigin && <Fact name={t('lead.tenantOrigin')}>{lead.tenantOrigin}</Fact>}
        <Fact name={t('lead.origin')}>{t(lead.isDirectLead ? 'lead.direct' : 'lead.consentedOrigin')}</Fact>
        <Fact name={t('lead.channelName')}>{lead.channel ? lead.channel.name : <None />}</Fact>
      </Facts>

      <h3 className={styles.section}>{t('lead.contacts')}</h3>
      {contactsOf(lead).length > 0 ? (
        <div className={styles.panelContacts}>
          <LeadContacts lead={lead} />
        </div>
      ) : (
        <p className={styles.note}>{t('leadDesk.noContacts')}</p>
      )}

      <h3 className={styles.section}>{t('lead.section.status')}</h3>
      <Facts>
        <Fact name={t('lead.microsoftStatus')}>
          <MicrosoftStatus status={lead.status} />
        </Fact>
        <Fact name={t('lead.licenseType')}>
          <License license={lead.license} />
        </Fact>
        {lead.processing && (
          <Fact name={t('lead.processing.label')}>
            <Processing processing={lead.processing} />
          </Fact>
        )}
        {lead.umpCustomerGuid && <Id name={t('lead.service')} id={lead.umpCustomerGuid} />}
      </Facts>
      <p className={styles.note}>{statusMeaning(t, lead)}</p>
      {lead.missingSince && (
        <p className={styles.note}>
          {t('lead.missing')} <RelativeTime instant={lead.missingSince} />
        </p>
      )}

      <LeadRelationship key={lead.id} lead={lead} />
      <LeadReferences key={`references ${lead.id}`} lead={lead} />

      <h3 className={styles.section}>{t('lead.section.dates')}</h3>
      <Facts>
        <Moment name={t('lead.consentedOn')} instant={lead.consentedOn} />
        <Moment name={t('lead.lastModified')} instant={lead.lastModifiedOn} />
        <Moment name={t('lead.firstSeen')} instant={lead.firstSeenAt} />
        <Moment name={t('lead.changedHere')} instant={lead.changedAt} />
      </Facts>

      <h3 className={styles.section}>{t('lead.section.ids')}</h3>
      <Facts>
        <Id name={t('lead.consentId')} id={lead.id} />
        {lead.operatorId && <Id name={t('lead.operatorId')} id={lead.operatorId} />}
      </Facts>

      {extras && (
        <>
          <h3 className={styles.section}>{t('lead.section.extras')}</h3>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
          <section aria-label={t('lead.section.extras')} className={styles.extras} tabIndex={0}>
            <pre>{JSON.stringify(lead.extras, null, 2)}</pre>
          </section>
        </>
      )}
    </>
  )
}

/** What the status means for the work, with a license and without one. */
function statusMeaning(t: TFunction, { status, license }: DeskLeadDetail): string {
  const known = status as 'Active'
  const other = { defaultValue: t('lead.meaning.other') }
  return license === null
    ? t(`lead.meaning.${known}`, other)
    : t(`lead.meaningLicensed.${known}`, { license, ...other })
}

function None() {
  const { t } = useTranslation()
  return <span className={styles.quiet}>{t('lead.none')}</span>
}

function Id({ name, id }: { name: string; id: string }) {
  return (
    <Fact name={name}>
      <span className={styles.id}>{id}</span>
      <CopyButton text={id} what={name} />
    </Fact>
  )
}

function Moment({ name, instant: text }: { name: string; instant: string }) {
  const instant = instantOf(text)
  const now = useNow()
  return (
    <Fact name={name}>
      {instant && <span>{dayAndTimeText(instant)}</span>}
      {(!instant || isNear(instant, now)) && (
        <span className={styles.quiet}>
          <RelativeTime instant={text} />
        </span>
      )}
    </Fact>
  )
}
