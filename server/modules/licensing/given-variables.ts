import type { WireAdvancedSettings } from '../../../contract/licenses.ts'
import { foldVariable } from '../../sbc/index.ts'
import { GIVEN_VARIABLES } from '../sbcs/index.ts'

type Field = Extract<
  keyof WireAdvancedSettings,
  'proxySet' | 'cacProfile' | 'carrierHostName' | 'carrierMainLine' | 'carrierUserName' | 'carrierPassword'
>

/** Variables of scripts that the form has fields for, as scripts name them. Source: rest-api.md S2. */
const FIELDS: Record<string, Field> = {
  ProxySet: 'proxySet',
  CacProfile: 'cacProfile',
  CarrierHostName: 'carrierHostName',
  CarrierMainLine: 'carrierMainLine',
  CarrierUserName: 'carrierUserName',
  CarrierUserPassword: 'carrierPassword',
}
const FIELD_BY_NAME = new Map(Object.entries(FIELDS).map(([name, field]) => [foldVariable(name), field]))
const GIVEN = new Set(GIVEN_VARIABLES.map(foldVariable))

/** The field of ours that a variable has, in any letter case; null: none. */
export function fieldOfVariable(name: string): Field | null {
  return FIELD_BY_NAME.get(foldVariable(name)) ?? null
}

/** Whether Leadline alone says what it is: by tenant id and short name customers are told apart on the device. */
export function isGivenVariable(name: string): boolean {
  return GIVEN.has(foldVariable(name))
}

/** Of the given ones, that which may be kept with a connection: which of its device's trunks was asked for. */
export function isTrunkVariable(name: string): boolean {
  return foldVariable(name) === foldVariable('OnlinePstnGateway')
}

/** Names among further variables that nobody may give there, each with what to do instead. Pure. Source: issue 7, 2. */
export function variableFlaws(
  variables: Readonly<Record<string, string>> | undefined,
): { name: string; detail: string }[] {
  return Object.keys(variables ?? {}).flatMap((name) => {
    if (isGivenVariable(name)) return [{ name, detail: 'Leadline gives this variable by itself: leave it out.' }]
    const field = fieldOfVariable(name)
    return field === null ? [] : [{ name, detail: `This variable has a field of its own: give it as ${field}.` }]
  })
}
