import { testMail } from '../../../../contract/mail.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { MailService } from '../mail.service.ts'

export function testMailRoute(mail: MailService): Route {
  return route(testMail, async ({ body }, { principal, signal }) => ({
    json: await mail.test(principal, body.to.trim(), signal),
  }))
}
