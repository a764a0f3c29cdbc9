import { Link } from '@fluentui/react-components'
import { CallRegular } from '@fluentui/react-icons/svg/call'
import { MailRegular } from '@fluentui/react-icons/svg/mail'
import type { DeskLead } from '../../api/leads.ts'
import { contactName, contactsOf } from './lead-words.ts'
import styles from './leads.module.css'

const LINE_HEIGHT = 28
const PADDING = 12

/** Room for the contacts below a row. */
export function contactsHeight(lead: DeskLead): number {
  const { length } = contactsOf(lead)
  return length === 0 ? 0 : length * LINE_HEIGHT + PADDING
}

/** Everybody we know of at the customer: name, mail, phone as it was typed there. */
export function LeadContacts({ lead }: { lead: DeskLead }) {
  return (
    <ul className={styles.contacts}>
      {contactsOf(lead).map((contact, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: contacts have no id, and two may be alike
        <li key={index}>
          <span className={styles.contactName} dir="auto">
            {contactName(contact)}
          </span>
          {contact.email && (
            <span className={styles.contactPart}>
              <MailRegular aria-hidden="true" />
              <Link href={`mailto:${encodeURIComponent(contact.email)}`} onClick={(event) => event.stopPropagation()}>
                {contact.email}
              </Link>
            </span>
          )}
          {contact.phoneNumber && (
            <span className={styles.contactPart}>
              <CallRegular aria-hidden="true" />
              <span dir="ltr">{contact.phoneNumber}</span>
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}
