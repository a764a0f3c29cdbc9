import type { DeskLead } from '../../api/leads.ts'
import { Watched } from '../../ui/watched.ts'

/** Dialogs that menus ask for, kept outside of the menus, which are gone by then; each is once in the page. */
export const channelAsked = new Watched<{ kind: 'change' | 'remove'; lead: DeskLead } | null>(null)
export const deletionAsked = new Watched<DeskLead | null>(null)

export function askForChannel(kind: 'change' | 'remove', lead: DeskLead): void {
  channelAsked.set({ kind, lead })
}

export function askToDelete(lead: DeskLead): void {
  deletionAsked.set(lead)
}
