import type { WireAdvancedSettings, WireLicenseAsked } from '../../../contract/licenses.ts'
import type { ConnectionModel } from '../../../contract/services.ts'
import { type LicensableLead, mayLicense } from '../leads/index.ts'
import { type Service, shortNameFlaws } from '../services/index.ts'
import { variableFlaws } from './given-variables.ts'

/** Something that is in the way of a license. `status`: of a refusal. */
export type LicenseProblem = { code: string; detail: string; pointer: string | null; status: 400 | 404 | 409 | 422 }

/** What the preconditions look at. */
export type LicenseSituation = {
  lead: LicensableLead
  asked: WireLicenseAsked
  /** The service that the tenant of the lead has, whichever of its leads it hangs on. */
  serviceOfTenant: Pick<Service, 'leadId' | 'shortName'> | null
  isNameInUse: boolean
  /** Why the LC customer cannot be taken; null: it can, or none is asked for. */
  customerFlaw: string | null
  /** Why no license is left; null: one is. */
  poolFlaw: string | null
  /** The calling profile that is asked for is not known, or has no trunk; null: it is good, or none is asked for. */
  profileFlaw: ProfileFlaw | null
  /** There is no such SBC; null: there is, or none is asked for. */
  sbcFlaw: string | null
}

/** Every precondition that is not met, each with its reason. Pure. Source: issue 7, 1; seed 004; portal.md 3.3, 4. */
export function licenseProblems(situation: LicenseSituation): LicenseProblem[] {
  const { lead, asked, serviceOfTenant } = situation
  const problems: LicenseProblem[] = []
  const add = (code: string, status: LicenseProblem['status'], detail: string, pointer: string | null = null) =>
    problems.push({ code, status, detail, pointer })

  const verdict = mayLicense(lead)
  if (!verdict.ok) add(verdict.code, 409, verdict.reason)
  else if (serviceOfTenant) {
    // Of a service that is not the asker's to see only that there is one.
    const which = serviceOfTenant.shortName === '' ? 'a service' : `the service ${serviceOfTenant.shortName}`
    const whose = serviceOfTenant.leadId === lead.leadId ? '' : ', of another of its leads'
    add('service-exists', 409, `The tenant has ${which} already${whose}: one is all it can have.`)
  }
  for (const { code, detail } of shortNameFlaws(asked.shortName)) {
    add(`short-name-${code}`, 400, detail, '/body/shortName')
  }
  if (situation.isNameInUse) {
    const detail = 'Another service of the operator has this short name, in this or another letter case.'
    add('short-name-in-use', 409, detail, '/body/shortName')
  }
  if (fullNameOf(asked, lead) === '')
    add('full-name-missing', 400, 'Give the full name: the lead has no company name.', '/body/fullName')
  if (situation.customerFlaw) add('lc-customer-unusable', 400, situation.customerFlaw, '/body/lcCustomerId')
  if (situation.poolFlaw) add('license-pool-exhausted', 422, situation.poolFlaw)
  if (situation.sbcFlaw) add('sbc-unknown', 400, situation.sbcFlaw, '/body/advanced/sbcId')
  if (asked.advanced) problems.push(...advancedProblems(asked.advanced, situation.profileFlaw))
  return problems
}

function advancedProblems(advanced: WireAdvancedSettings, profileFlaw: ProfileFlaw | null): LicenseProblem[] {
  const problems: LicenseProblem[] = []
  const add = (code: string, detail: string, name: string) =>
    problems.push({ code, status: 400, detail, pointer: `/body/advanced/${name}` })
  if (modelOf(advanced) === 'ip-group' && !advanced.proxySet?.trim()) {
    add('proxy-set-missing', 'IP groups need a proxy set: give the name that it has on the SBC.', 'proxySet')
  }
  const user = advanced.carrierUserName?.trim() ?? ''
  const password = advanced.carrierPassword ?? ''
  if (user !== '' && password === '') {
    add('carrier-password-missing', 'A user who registers needs a password.', 'carrierPassword')
  }
  if (user === '' && password !== '')
    add('carrier-user-missing', 'Give the user whose password this is.', 'carrierUserName')
  for (const { name, detail } of variableFlaws(advanced.variables)) {
    add('variable-not-yours', detail, `variables/${name}`)
  }
  if (profileFlaw) add(profileFlaw.code, profileFlaw.detail, 'callingProfileId')
  return problems
}

/** A calling profile as Microsoft last listed it. */
export type KnownProfile = { isRemoved: boolean; trunkFqdns: string[] }
/** In the scope of the operator; null: it is not known here. */
export type ProfileOf = (operatorId: number, profileId: string) => Promise<KnownProfile | null>
export type ProfileFlaw = { code: string; detail: string }

/** Why a calling profile cannot be taken; `null` is one that is not known here. Pure. Source: issue 7, 1. */
export function profileFlawOf(profile: KnownProfile | null): ProfileFlaw | null {
  const choose = 'Run peering.sync-trunks-job, or choose another one.'
  if (profile === null)
    return { code: 'calling-profile-unusable', detail: `This calling profile is not known here. ${choose}` }
  if (profile.isRemoved) {
    return {
      code: 'calling-profile-removed',
      detail: `Microsoft does not list this calling profile any more. ${choose}`,
    }
  }
  if (profile.trunkFqdns.length > 0) return null
  const detail =
    'This calling profile has no trunk, so no call gets through: give it one at Microsoft, then sync trunks.'
  return { code: 'calling-profile-without-trunk', detail }
}

/** By tenant id, unless IP groups are asked for. Source: portal.md 4, "Two connection models". */
export function modelOf(advanced: Pick<WireAdvancedSettings, 'model'> | null | undefined): ConnectionModel {
  return advanced ? (advanced.model ?? 'ip-group') : 'tenant'
}

/** As asked for, else the company name of the lead. */
export function fullNameOf(
  asked: Pick<WireLicenseAsked, 'fullName'>,
  lead: Pick<LicensableLead, 'companyName'>,
): string {
  const name = asked.fullName?.trim() || lead.companyName?.trim() || ''
  return name
    .replace(/\p{Cc}+/gu, ' ')
    .toWellFormed()
    .slice(0, 256)
}

export type Summary = { step: string; text: string }[]

/** What will happen, step by step, in words. The steps are those of the task. */
export function licenseSummary(
  lead: Pick<LicensableLead, 'companyName' | 'tenantId'>,
  asked: WireLicenseAsked,
  facts: { fullName: string; sbcName: string | null; writesNothing: boolean; isManual: boolean; syncsTrunks: boolean },
): Summary {
  const { advanced } = asked
  const summary: Summary = [
    { step: 'reserve', text: `The short name ${asked.shortName} is taken for “${facts.fullName}”.` },
    { step: 'agreement', text: `Microsoft is told AgreementSigned for “${lead.companyName ?? lead.tenantId}”.` },
  ]
  if (advanced && !facts.writesNothing) {
    const device = facts.sbcName ?? `SBC ${advanced.sbcId}`
    const text = facts.isManual
      ? `A script is made for ${device}, and the task waits until somebody has applied it.`
      : `The objects of ${asked.shortName} are made on ${device}, read back and saved.`
    summary.push({ step: 'connect', text })
  }
  if (advanced && facts.syncsTrunks) summary.push({ step: 'sync-trunks', text: 'Trunks are synced with Microsoft.' })
  summary.push({
    step: 'finish',
    text: 'The lead moves to Tenants with the license OC Essential, and the service is there.',
  })
  return summary
}
