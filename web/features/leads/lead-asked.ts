import type { DeskLead } from '../../api/leads.ts'
import { Watched } from '../../ui/watched.ts'

/** Dialogs that menus ask for, kept outside of the menus, which are gone by then; each is once in the page. */
export const channelAsked = new Watched<{ kind: 'change' | 'remove'; lead: DeskLead } | null>(null)
export const deletionAsked = new Watched<DeskLead | null>(null)
/** A mail to the customer; `draft`: what it begins with. */
export const mailAsked = new Watched<{ lead: DeskLead; draft?: MailDraft } | null>(null)

/** One that was sent before, to be sent anew. */
export type MailDraft = { subject: string; body: string; recipient: { name: string; address: string } }

/** "Change Status", which makes a service of a lead, and "Delete Customer", which takes it away. */
export const licenseAsked = new Watched<{ kind: 'apply' | 'delete'; lead: DeskLead } | null>(null)

/** Who sees to a lead, and until when. */
export const dutyAsked = new Watched<{ kind: 'owner' | 'due'; lead: DeskLead } | null>(null)

export function askForOwner(lead: DeskLead): void {
  dutyAsked.set({ kind: 'owner', lead })
}

export function askForDue(lead: DeskLead): void {
  dutyAsked.set({ kind: 'due', lead })
}

export function askForChannel(kind: 'change' | 'remove', lead: DeskLead): void {
  channelAsked.set({ kind, lead })
}

export function askToMail(lead: DeskLead, draft?: MailDraft): void {
  mailAsked.set(draft ? { lead, draft } : { lead })
}

export function askForLicense(kind: 'apply' | 'delete', lead: DeskLead): void {
  licenseAsked.set({ kind, lead })
}

export function askToDelete(lead: DeskLead): void {
  deletionAsked.set(lead)
}
