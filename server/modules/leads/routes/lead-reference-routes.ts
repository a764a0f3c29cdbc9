import { getLeadReferences, setLeadReferences } from '../../../../contract/lead-references.ts'
import { type Answer, type Route, route } from '../../../platform/http/index.ts'
import type { LeadReferenceService, TaggedReferences } from '../lead-reference.service.ts'

/** Own references of a lead. */
export function leadReferenceRoutes(leadReferences: LeadReferenceService): Route[] {
  return [
    route(getLeadReferences, async ({ params }, { principal }) =>
      answer(await leadReferences.get(principal, params.leadId)),
    ),
    route(setLeadReferences, async ({ params, body }, { principal }) =>
      answer(await leadReferences.set(principal, params.leadId, body)),
    ),
  ]
}

const answer = ({ references, tag }: TaggedReferences): Answer => ({ etag: tag, json: references })
