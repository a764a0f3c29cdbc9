import { setCustomerMailSettings } from '../../../../contract/mail-templates.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { CustomerMailService } from '../customer-mail.service.ts'

export function setCustomerMailSettingsRoute(customerMail: CustomerMailService): Route {
  return route(setCustomerMailSettings, async ({ body }, { principal }) => ({
    json: await customerMail.setSettings(principal, body),
  }))
}
