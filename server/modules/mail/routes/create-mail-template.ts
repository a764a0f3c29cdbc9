import { createMailTemplate } from '../../../../contract/mail-templates.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { viewMailTemplate } from '../customer-mail.view.ts'
import type { MailTemplateService } from '../mail-template.service.ts'

export function createMailTemplateRoute(mailTemplates: MailTemplateService): Route {
  return route(createMailTemplate, async ({ body }, { principal }) => ({
    status: 201,
    json: viewMailTemplate(await mailTemplates.create(principal, body), null),
  }))
}
