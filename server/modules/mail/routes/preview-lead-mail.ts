import { previewLeadMail } from '../../../../contract/lead-mails.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { CustomerMailService } from '../customer-mail.service.ts'

export function previewLeadMailRoute(customerMail: CustomerMailService): Route {
  return route(previewLeadMail, async ({ params, body }, { principal }) => ({
    json: await customerMail.preview(principal, params.leadId, body),
  }))
}
