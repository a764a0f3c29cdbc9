import { restoreMailTemplate } from '../../../../contract/mail-templates.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { viewMailTemplate } from '../customer-mail.view.ts'
import type { MailTemplateService } from '../mail-template.service.ts'

export function restoreMailTemplateRoute(mailTemplates: MailTemplateService): Route {
  return route(restoreMailTemplate, async ({ params }, { principal }) => ({
    json: viewMailTemplate(await mailTemplates.restore(principal, params.templateId), null),
  }))
}
