import type { WireLicenseInfo } from '../../../contract/customers.ts'
import type { Clock } from '../../kernel/clock.ts'
import { badRequest, type FieldError } from '../../kernel/errors.ts'
import type { OperatorPrincipal } from '../../kernel/principal.ts'
import type { Transact } from '../../platform/db/transaction.ts'
import { addDays, dayOf, daysBetween, isDay, licenseInfoDays, monthsBefore } from './license-usage.rules.ts'
import { licenseUsageStore, type UsageDay } from './license-usage.store.ts'

const DAYS_DEFAULT = 90
const DAYS_MAX = 731

export type UsageAsked = { from?: string; to?: string; channelId?: number }
export type LicenseUsageService = ReturnType<typeof createLicenseUsageService>

/** What was used when: facts that were written down once a day. */
export function createLicenseUsageService({ transact, clock }: { transact: Transact; clock: Clock }) {
  return {
    async days(principal: OperatorPrincipal, asked: UsageAsked): Promise<UsageDay[]> {
      const today = dayOf(clock.now())
      const errors: FieldError[] = []
      for (const name of ['from', 'to'] as const) {
        const text = asked[name]
        if (text !== undefined && !isDay(text))
          errors.push({ pointer: `/query/${name}`, detail: 'Must be a day such as 2026-01-31.' })
      }
      if (errors.length > 0) throw badRequest(errors)
      const to = asked.to ?? today
      const from = asked.from ?? addDays(to, -DAYS_DEFAULT)
      const length = daysBetween(from, to)
      if (length < 0) throw badRequest([{ pointer: '/query/from', detail: 'Must not be later than `to`.' }])
      if (length > DAYS_MAX) throw badRequest([{ pointer: '/query/from', detail: 'At most two years at once.' }])
      return transact(principal, (tx) => licenseUsageStore(tx).days(from, to, asked.channelId ?? null))
    },

    /** The documented records of a service over so many months until today. */
    async infoOf(principal: OperatorPrincipal, serviceId: string, months: number): Promise<WireLicenseInfo[]> {
      const to = dayOf(clock.now())
      const from = monthsBefore(to, months)
      const facts = await transact(principal, (tx) => licenseUsageStore(tx).factsOf(serviceId, from, to))
      return licenseInfoDays(serviceId, facts, from, to)
    },
  }
}
