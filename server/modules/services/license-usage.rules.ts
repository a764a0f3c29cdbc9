import type { WireLicenseInfo } from '../../../contract/customers.ts'

/** A fact of a service that holds from its day until the next one. */
export type ServiceFact = {
  day: string
  licensedUsers: number
  usedNumbers: number
  present: boolean
  recordedAt: Date
}

const DAY_MS = 86_400_000
const DAY = /^\d{4}-\d\d-\d\d$/

/** The day of an instant, UTC. */
export function dayOf(instant: Date): string {
  return instant.toISOString().slice(0, 10)
}

/** Whether the text is a day of the calendar. */
export function isDay(text: string): boolean {
  if (!DAY.test(text)) return false
  const instant = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(instant.getTime()) && dayOf(instant) === text
}

export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS)
}

export function addDays(day: string, days: number): string {
  return dayOf(new Date(Date.parse(day) + days * DAY_MS))
}

/** So many months before, the last day of the month where there is none of that number. */
export function monthsBefore(day: string, months: number): string {
  const date = new Date(`${day}T00:00:00Z`)
  const wanted = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() - months)
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(Math.min(wanted, last))
  return dayOf(date)
}

/**
 * One documented record for each day from the first one that anything is known of: a fact holds until the next one.
 * Source: rest-api.md Q3, 2.9.
 */
export function licenseInfoDays(serviceId: string, facts: ServiceFact[], from: string, to: string): WireLicenseInfo[] {
  const records: WireLicenseInfo[] = []
  const first = facts[0]
  if (!first) return records
  let at = 0
  for (let day = first.day > from ? first.day : from; day <= to; day = addDays(day, 1)) {
    while ((facts[at + 1]?.day ?? '9') <= day) at += 1
    const fact = facts[at]
    if (!fact || fact.day > day || !fact.present) continue
    // Written down on its own day; on the days after it was looked at and found the same.
    const instant = fact.day === day ? fact.recordedAt : new Date(`${day}T00:00:00Z`)
    records.push({
      acquiredLicenses: fact.licensedUsers,
      totalMonitoredUsers: 0,
      currentlyLicensed: 0,
      managedUsersDirectRouting: 0,
      managedUsersOperatorConnect: fact.usedNumbers,
      managedUsersByLifeCycleManagement: 0,
      managedUsersUserInterface: 0,
      managedServiceNumbers: 0,
      lastUpdate: instant.toISOString().replace('Z', '0000+00:00'),
      umpCustomerGuid: serviceId,
      licenseSettingsFlagsLevel: 0,
      LicenseFactors: {
        'Managed Users - By Template': false,
        'Managed Users - By User Interface': false,
        'Managed Service Numbers': false,
      },
    })
  }
  return records
}
