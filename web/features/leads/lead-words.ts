import type { DeskLead } from '../../api/leads.ts'

const number = new Intl.NumberFormat()

/** "250-999", "3,000+"; an unknown word of Microsoft as it came. Source: portal.md 2.1. */
export function sizeText(size: DeskLead['companySize']): string {
  if (size === null) return ''
  const { token, lower, upper } = size
  if (lower === null) return token
  return upper === null ? `${number.format(lower)}+` : `${number.format(lower)}-${number.format(upper)}`
}

/** The main contact, and then those of the list that are not the same. */
export function contactsOf({ contact, contacts }: DeskLead): DeskLead['contacts'] {
  const others = contacts.filter(
    ({ fullName, email, phoneNumber }) =>
      fullName !== contact.fullName || email !== contact.email || phoneNumber !== contact.phoneNumber,
  )
  return [contact, ...others].filter(({ fullName, email, phoneNumber }) => fullName || email || phoneNumber)
}

/** What to call a contact that may lack any part. */
export function contactName({ fullName, email, phoneNumber }: DeskLead['contact']): string {
  return fullName || email || phoneNumber || ''
}
