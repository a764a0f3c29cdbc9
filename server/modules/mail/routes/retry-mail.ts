import { retryMail } from '../../../../contract/mail.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { MailService } from '../mail.service.ts'
import { viewListedMail } from '../mail.view.ts'

export function retryMailRoute(mail: MailService): Route {
  return route(retryMail, async ({ params }, { principal }) => ({
    json: viewListedMail(await mail.retry(principal, params.mailId)),
  }))
}
