import type { Route } from '../../../platform/http/index.ts'
import type { CustomerMailService } from '../customer-mail.service.ts'
import type { MailService } from '../mail.service.ts'
import type { MailTemplateService } from '../mail-template.service.ts'
import { createMailTemplateRoute } from './create-mail-template.ts'
import { deleteMailTemplateRoute } from './delete-mail-template.ts'
import { getCustomerMailSettingsRoute } from './get-customer-mail-settings.ts'
import { getMailSettingsRoute } from './get-mail-settings.ts'
import { listLeadMailsRoute } from './list-lead-mails.ts'
import { listMailTemplatesRoute } from './list-mail-templates.ts'
import { listMailsRoute } from './list-mails.ts'
import { previewLeadMailRoute } from './preview-lead-mail.ts'
import { restoreMailTemplateRoute } from './restore-mail-template.ts'
import { retryLeadMailRoute } from './retry-lead-mail.ts'
import { retryMailRoute } from './retry-mail.ts'
import { sendLeadMailRoute } from './send-lead-mail.ts'
import { setCustomerMailSettingsRoute } from './set-customer-mail-settings.ts'
import { setMailSettingsRoute } from './set-mail-settings.ts'
import { setMailTemplateRoute } from './set-mail-template.ts'
import { testMailRoute } from './test-mail.ts'

export type MailRouteOptions = {
  mail: MailService
  mailTemplates: MailTemplateService
  customerMail: CustomerMailService
}

export function mailRoutes({ mail, mailTemplates, customerMail }: MailRouteOptions): Route[] {
  return [
    getMailSettingsRoute(mail),
    setMailSettingsRoute(mail),
    testMailRoute(mail),
    listMailsRoute(mail),
    retryMailRoute(mail),
    listMailTemplatesRoute(mailTemplates),
    createMailTemplateRoute(mailTemplates),
    setMailTemplateRoute(mailTemplates),
    deleteMailTemplateRoute(mailTemplates),
    restoreMailTemplateRoute(mailTemplates),
    getCustomerMailSettingsRoute(customerMail),
    setCustomerMailSettingsRoute(customerMail),
    listLeadMailsRoute(customerMail),
    previewLeadMailRoute(customerMail),
    sendLeadMailRoute(customerMail),
    retryLeadMailRoute(customerMail),
  ]
}
