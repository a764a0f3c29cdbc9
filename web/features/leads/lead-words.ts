import type { DeskLead } from '../../api/leads.ts'

/** "250-999", "3,000+"; an unknown word of Microsoft as it came. Source: portal.md 2.1. */
export function sizeText(size: DeskLead['companySize']): string {
  if (size === null) return ''
  const { token, lower, upper } = size
  if (lower === null) return token
  const number = (value: number) => value.toLocaleString()
  return upper === null ? `${number(lower)}+` : `${number(lower)}-${number(upper)}`
}

/** The main contact, and then those of the list that are not the same. */
export function contactsOf({ contact, contacts }: DeskLead): DeskLead['contacts'] {
  const same = JSON.stringify(contact)
  const others = contacts.filter((one) => JSON.stringify(one) !== same)
  return [contact, ...others].filter(({ fullName, email, phoneNumber }) => fullName || email || phoneNumber)
}

/** What to call a contact that may lack any part. */
export function contactName({ fullName, email, phoneNumber }: DeskLead['contact']): string {
  return fullName || email || phoneNumber || ''
}
