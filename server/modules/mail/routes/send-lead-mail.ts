import { sendLeadMail } from '../../../../contract/lead-mails.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { CustomerMailService } from '../customer-mail.service.ts'
import { viewLeadMails } from '../customer-mail.view.ts'

export function sendLeadMailRoute(customerMail: CustomerMailService): Route {
  return route(sendLeadMail, async ({ params, body }, { principal }) => ({
    status: 201,
    json: { data: viewLeadMails(await customerMail.send(principal, params.leadId, body)) },
  }))
}
