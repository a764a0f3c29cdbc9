import type { RuleConditions, RuleDraft } from '../../api/lead-rules.ts'
import { countryName } from '../../ui/countries.ts'

/** A rule as it is being typed. */
export type TypedRule = {
  name: string
  countries: string
  sizeFrom: string
  sizeTo: string
  origin: '' | 'consented' | 'direct'
  nameContains: string
  kind: 'people' | 'channel'
  personIds: string[]
  channelId: number | null
}

export const EMPTY_RULE: TypedRule = {
  ...{ name: '', countries: '', sizeFrom: '', sizeTo: '', origin: '', nameContains: '' },
  ...{ kind: 'people', personIds: [], channelId: null },
}

export function typedRule({ name, conditions, personIds, channelId }: RuleDraft): TypedRule {
  const { countries = [], sizeFrom, sizeTo, origin, nameContains } = conditions
  return {
    name,
    countries: countries.join(', '),
    sizeFrom: sizeFrom === undefined ? '' : String(sizeFrom),
    sizeTo: sizeTo === undefined ? '' : String(sizeTo),
    origin: origin ?? '',
    nameContains: nameContains ?? '',
    kind: channelId === null ? 'people' : 'channel',
    personIds: personIds ?? [],
    channelId,
  }
}

/** Codes as people type them, and those of which no country has the code. */
export function readCountries(text: string): { codes: string[]; wrong: string[] } {
  const codes = [...new Set(text.toUpperCase().split(/[\s,;]+/))].filter((code) => code !== '')
  return { codes, wrong: codes.filter((code) => !/^[A-Z]{2}$/.test(code) || countryName(code) === code) }
}

/** The rule as the API takes it; null while something is missing or wrong. */
export function readRule(typed: TypedRule): RuleDraft | null {
  const name = typed.name.trim()
  const { codes, wrong } = readCountries(typed.countries)
  const target =
    typed.kind === 'channel'
      ? typed.channelId !== null && { personIds: null, channelId: typed.channelId }
      : typed.personIds.length > 0 && { personIds: typed.personIds, channelId: null }
  const [from, to] = [Number(typed.sizeFrom), Number(typed.sizeTo)]
  const isReversed = typed.sizeFrom !== '' && typed.sizeTo !== '' && from > to
  if (name === '' || wrong.length > 0 || !target || isReversed) return null
  const nameContains = typed.nameContains.trim()
  const conditions: RuleConditions = {
    ...(codes.length > 0 && { countries: codes }),
    ...(typed.sizeFrom !== '' && { sizeFrom: from }),
    ...(typed.sizeTo !== '' && { sizeTo: to }),
    ...(typed.origin !== '' && { origin: typed.origin }),
    ...(nameContains !== '' && { nameContains }),
  }
  return { name, conditions, ...target }
}
