import type { Answer } from '../../platform/http/index.ts'
import { deskLeadDetailView } from './lead-desk.view.ts'
import type { DeskRow } from './lead-list.store.ts'
import { leadTag } from './lead-tag.rules.ts'

/** A lead with the tag that the next change of it may name. */
export function shownLead(row: DeskRow): Answer {
  return { etag: leadTag(row.lead_id, row.changed_at), json: deskLeadDetailView(row) }
}
