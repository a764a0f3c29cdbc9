import { listLeadMails } from '../../../../contract/lead-mails.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { CustomerMailService } from '../customer-mail.service.ts'
import { viewLeadMails } from '../customer-mail.view.ts'

export function listLeadMailsRoute(customerMail: CustomerMailService): Route {
  return route(listLeadMails, async ({ params }, { principal }) => ({
    json: { data: viewLeadMails(await customerMail.list(principal, params.leadId)) },
  }))
}
