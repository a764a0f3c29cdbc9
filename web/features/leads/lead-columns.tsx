import { ArchiveRegular } from '@fluentui/react-icons/svg/archive'
import { CommentRegular } from '@fluentui/react-icons/svg/comment'
import type { TFunction } from 'i18next'
import type { DeskLead } from '../../api/leads.ts'
import { CopyButton } from '../../ui/copy-button.tsx'
import type { GridColumn } from '../../ui/data-grid/grid-column.ts'
import { RelativeTime } from '../../ui/relative-time.tsx'
import { Truncated } from '../../ui/truncated.tsx'
import { AffectedMark } from './affected-mark.tsx'
import desk from './lead-desk.module.css'
import { ownerWords } from './lead-duty-words.ts'
import { microsoftStatus } from './lead-status.tsx'
import { contactName, contactsOf, sizeText } from './lead-words.ts'
import styles from './leads.module.css'
import { Market } from './market.tsx'
import { DueCell, OverdueMark } from './overdue-mark.tsx'

/** The columns of the page, their words and order. Source: seed 000. */
export function leadColumns(
  t: TFunction,
  isNew: (lead: DeskLead) => boolean,
  isTenants: boolean,
): GridColumn<DeskLead>[] {
  return [
    {
      id: 'contact',
      header: t('lead.contact'),
      width: 120,
      grow: 1,
      cell: (lead) => <ContactCell lead={lead} />,
    },
    {
      id: 'company',
      header: t('lead.company'),
      width: 140,
      grow: 1.6,
      sort: 'companyName',
      cell: (lead) => (
        <>
          {isNew(lead) && (
            <span className={styles.new} title={t('leads.newSince')}>
              <span className="only-read-aloud">{t('leads.newSince')}</span>
            </span>
          )}
          <AffectedMark lead={lead} t={t} />
          <OverdueMark lead={lead} t={t} />
          <Truncated text={lead.companyName || t('lead.noCompany')} quiet={!lead.companyName} />
          {lead.archivedAt !== null && <ArchivedMark t={t} />}
          {lead.commentCount > 0 && <CommentCount count={lead.commentCount} t={t} />}
        </>
      ),
    },
    {
      id: 'size',
      header: t('lead.size'),
      width: 96,
      align: 'end',
      sort: 'companySize',
      cell: (lead) => sizeText(lead.companySize),
    },
    {
      id: 'market',
      header: t('lead.market'),
      width: 108,
      grow: 0.6,
      cell: (lead) => <Market countries={lead.countries} />,
    },
    {
      id: 'status',
      header: t('lead.microsoftStatus'),
      width: 124,
      cell: (lead) => microsoftStatus(lead.status, t),
    },
    {
      id: 'license',
      header: t('lead.licenseType'),
      // Every tenant has a license, no lead has one: room for "OC Essentials Plus" is needed only there.
      width: isTenants ? 126 : 96,
      cell: ({ license }) => <Truncated text={license ?? t('lead.license.none')} quiet={license === null} />,
    },
    {
      id: 'tenant',
      header: t('lead.tenantId'),
      width: 106,
      cell: (lead, { tabIndex }) => (
        <>
          <span className={styles.id} title={lead.tenantId}>
            {lead.tenantId.slice(0, 8)}…
          </span>
          <CopyButton text={lead.tenantId} what={t('lead.tenantId')} tabIndex={tabIndex} />
        </>
      ),
    },
    {
      id: 'consented',
      header: t('lead.consentedOn'),
      width: 110,
      sort: 'consentedOn',
      cell: (lead) => <RelativeTime instant={lead.consentedOn} />,
    },
    {
      id: 'modified',
      header: t('lead.lastModified'),
      width: 102,
      sort: 'lastModifiedOn',
      cell: (lead) => <RelativeTime instant={lead.lastModifiedOn} />,
    },
    {
      id: 'channel',
      header: t('lead.channelName'),
      width: 112,
      grow: 0.5,
      cell: (lead) => (lead.channel ? <Truncated text={lead.channel.name} /> : null),
    },
    {
      id: 'owner',
      header: t('leadDuty.owner'),
      width: 112,
      grow: 0.5,
      isOptional: true,
      cell: (lead) => <Truncated text={ownerWords(t, lead)} quiet={lead.owner === null} />,
    },
    {
      id: 'due',
      header: t('leadDuty.due'),
      width: 124,
      isOptional: true,
      cell: (lead) => <DueCell lead={lead} t={t} />,
    },
  ]
}

function ArchivedMark({ t }: { t: TFunction }) {
  return (
    <span className={desk.commentCount} title={t('leads.archived.mark')}>
      <ArchiveRegular aria-hidden="true" />
      <span className="only-read-aloud">{t('leads.archived.mark')}</span>
    </span>
  )
}

function CommentCount({ count, t }: { count: number; t: TFunction }) {
  const words = t('leadDesk.comments.count', { count })
  return (
    <span className={desk.commentCount} title={words}>
      <CommentRegular aria-hidden="true" />
      <span aria-hidden="true">{count}</span>
      <span className="only-read-aloud">{words}</span>
    </span>
  )
}

function ContactCell({ lead }: { lead: DeskLead }) {
  const [first, ...others] = contactsOf(lead)
  return (
    <>
      <Truncated text={first ? contactName(first) : '–'} quiet={!first} />
      {others.length > 0 && <span className={styles.more}>+{others.length}</span>}
    </>
  )
}
