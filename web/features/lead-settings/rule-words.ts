import type { TFunction } from 'i18next'
import type { WireLeadRule } from '../../api/lead-rules.ts'
import { countryName } from '../../ui/countries.ts'

/** Bounds of a company's size as Microsoft has them. Source: microsoft.md A.4. */
export const sizeBands = [
  { from: 2, to: 4 },
  { from: 5, to: 9 },
  { from: 10, to: 24 },
  { from: 25, to: 49 },
  { from: 50, to: 249 },
  { from: 250, to: 999 },
  { from: 1_000, to: 2_999 },
  { from: 3_000, to: null },
] as const

/** The upper bound of the band that begins with this; a band nobody knows has none. */
function upperOf(lower: number): number {
  return sizeBands.find(({ from }) => from === lower)?.to ?? lower
}

/** What a rule asks of a lead, in words. */
export function conditionWords(t: TFunction, { conditions }: Pick<WireLeadRule, 'conditions'>): string {
  const { countries, sizeFrom, sizeTo, origin, nameContains } = conditions
  const words = [
    ...(countries ? [t('leadRules.countries', { countries: countries.map(countryName).join(', ') })] : []),
    ...sizeWords(t, sizeFrom, sizeTo),
    ...(origin ? [t(`leadRules.origin.${origin}`)] : []),
    ...(nameContains ? [t('leadRules.nameContains', { text: nameContains })] : []),
  ]
  return words.length === 0 ? t('leadRules.every') : words.join(' · ')
}

function sizeWords(t: TFunction, from: number | undefined, to: number | undefined): string[] {
  const upper = to === undefined ? undefined : upperOf(to)
  if (from !== undefined && upper !== undefined) return [t('leadRules.sizeBetween', { from, to: upper })]
  if (from !== undefined) return [t('leadRules.sizeFrom', { count: from })]
  return upper === undefined ? [] : [t('leadRules.sizeTo', { count: upper })]
}

/** To whom a rule gives leads. */
export function targetWords(t: TFunction, { people, channel }: Pick<WireLeadRule, 'people' | 'channel'>): string {
  if (channel) return channel.name
  const names = (people ?? []).map(({ name }) => name)
  return names.length > 1 ? t('leadRules.turns', { names: names.join(', ') }) : (names[0] ?? '')
}
