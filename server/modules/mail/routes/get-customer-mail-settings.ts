import { getCustomerMailSettings } from '../../../../contract/mail-templates.ts'
import { type Route, route } from '../../../platform/http/index.ts'
import type { CustomerMailService } from '../customer-mail.service.ts'

export function getCustomerMailSettingsRoute(customerMail: CustomerMailService): Route {
  return route(getCustomerMailSettings, async (_input, { principal }) => ({
    json: await customerMail.settings(principal),
  }))
}
