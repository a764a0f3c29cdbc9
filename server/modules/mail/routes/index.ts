import type { Route } from '../../../platform/http/index.ts'
import type { MailService } from '../mail.service.ts'
import { getMailSettingsRoute } from './get-mail-settings.ts'
import { listMailsRoute } from './list-mails.ts'
import { retryMailRoute } from './retry-mail.ts'
import { setMailSettingsRoute } from './set-mail-settings.ts'
import { testMailRoute } from './test-mail.ts'

export function mailRoutes(mail: MailService): Route[] {
  return [
    getMailSettingsRoute(mail),
    setMailSettingsRoute(mail),
    testMailRoute(mail),
    listMailsRoute(mail),
    retryMailRoute(mail),
  ]
}
