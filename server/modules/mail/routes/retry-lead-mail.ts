import { retryLeadMail } from '../../../../contract/lead-mails.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { CustomerMailService } from '../customer-mail.service.ts'
import { viewLeadMails } from '../customer-mail.view.ts'

export function retryLeadMailRoute(customerMail: CustomerMailService): Route {
  return route(retryLeadMail, async ({ params: { leadId, mailId } }, { principal }) => ({
    json: viewLeadMails(await customerMail.retry(principal, leadId, mailId))[0],
  }))
}
