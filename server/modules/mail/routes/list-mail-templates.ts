import { allTemplateVariables, listMailTemplates, templateVariables } from '../../../../contract/mail-templates.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import { viewMailTemplate } from '../customer-mail.view.ts'
import type { MailTemplateService } from '../mail-template.service.ts'

const variables = allTemplateVariables.map((name) => ({ name, ...templateVariables[name] }))

export function listMailTemplatesRoute(mailTemplates: MailTemplateService): Route {
  return route(listMailTemplates, async (_input, { principal }) => {
    const { templates, removedBuiltIns } = await mailTemplates.list(principal)
    return {
      json: { data: templates.map((one) => viewMailTemplate(one, principal.channelId)), removedBuiltIns, variables },
    }
  })
}
