import type { TFunction } from 'i18next'
import type { LeadAffected } from '../../api/lead-status.ts'
import { countryName } from '../../ui/countries.ts'

/** What the customer did. */
export function causeWords(t: TFunction, { cause, countries }: Pick<LeadAffected, 'cause' | 'countries'>): string {
  return t(`leadDesk.affected.cause.${cause}`, { countries: countries.map(countryName).join(', ') })
}

/** What of ours is hit by it. Kinds that are younger than this portal are said as the server does. */
export function thingWords(t: TFunction, { kind, text, count }: LeadAffected['what'][number]): string {
  return kind === 'addresses' ? t('leadDesk.affected.addresses', { count }) : text
}
