import { setMailTemplate } from '../../../../contract/mail-templates.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { viewMailTemplate } from '../customer-mail.view.ts'
import type { MailTemplateService } from '../mail-template.service.ts'

export function setMailTemplateRoute(mailTemplates: MailTemplateService): Route {
  return route(setMailTemplate, async ({ params, body }, { principal }) => ({
    json: viewMailTemplate(await mailTemplates.set(principal, params.templateId, body), null),
  }))
}
