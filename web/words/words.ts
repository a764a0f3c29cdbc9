import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { en } from './en.ts'
import type { customerMail } from './en-customer-mail.ts'
import type { chart, home } from './en-home.ts'
import type { leadRules } from './en-lead-rules.ts'
import type { notices } from './en-notices.ts'
import type { palette } from './en-palette.ts'
import type { profiles, sbcs } from './en-sbcs.ts'
import type { license, services } from './en-services.ts'
import type { views } from './en-views.ts'
import type { webhooks } from './en-webhooks.ts'

/** Words that come with the pages that show them. */
type LateWords = {
  chart: typeof chart
  customerMail: typeof customerMail
  home: typeof home
  license: typeof license
  leadRules: typeof leadRules
  notices: typeof notices
  services: typeof services
  webhooks: typeof webhooks
  views: typeof views
  palette: typeof palette
  profiles: typeof profiles
  sbcs: typeof sbcs
}

declare module 'i18next' {
  interface CustomTypeOptions {
    resources: { translation: typeof en & LateWords }
  }
}

/** Every text of the portal comes from here. English is built in, so that nothing waits for words; late words
 * come with their pages. */
export async function loadWords(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    resources: { en: { translation: en } },
    // React escapes what it draws.
    interpolation: { escapeValue: false },
  })
}
