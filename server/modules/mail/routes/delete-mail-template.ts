import { deleteMailTemplate } from '../../../../contract/mail-templates.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { MailTemplateService } from '../mail-template.service.ts'

export function deleteMailTemplateRoute(mailTemplates: MailTemplateService): Route {
  return route(deleteMailTemplate, async ({ params }, { principal }) => {
    await mailTemplates.remove(principal, params.templateId)
    return { status: 204 }
  })
}
