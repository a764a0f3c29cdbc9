import type { WireCallingProfile, WireDocumentedCallingProfile } from '../../../contract/calling-profiles.ts'
import type { MatchingSbc, ShownCallingProfile } from './calling-profile.service.ts'

export function wireCallingProfile(shown: ShownCallingProfile): WireCallingProfile {
  const { profile, sbcs, warnings, firstSeenAt, changedAt, removedAt } = shown
  const { id, name, carrier, region, environment, offerTypes, emergencyDialStrings } = profile
  return {
    ...{ id, name, carrier, region, environment, offerTypes, emergencyDialStrings },
    ...{ isEmergencyProfile: profile.isEmergencyProfile, emergencyProfileId: profile.emergencyProfileId },
    trunks: profile.trunks.map((trunk) => ({
      ...{ id: trunk.id, fqdn: trunk.fqdn },
      sbcs: (sbcs.get(trunk.fqdn) ?? []).map((sbc) => ({ id: sbc.sbcId, name: sbc.name })),
    })),
    warnings,
    ...{ firstSeenAt: firstSeenAt.toISOString(), changedAt: changedAt.toISOString() },
    removedAt: removedAt?.toISOString() ?? null,
  }
}

/** As documented, with the fields spelt as there. Source: rest-api.md 2.9. */
export function documentedCallingProfile(shown: ShownCallingProfile): WireDocumentedCallingProfile {
  const { profile, sbcs, warnings } = shown
  return {
    additionalSbcList: [],
    callingProfileId: profile.id,
    name: profile.name,
    enviroment: profile.environment,
    ...{ region: profile.region, carrier: profile.carrier },
    offerTypes: profile.offerTypes.map(({ name, testNumbers }) => ({ offerTypeName: name, testNumbers })),
    emergencyDialStrings: profile.emergencyDialStrings,
    isEmergencyProfile: profile.isEmergencyProfile,
    emergencyProfileId: profile.emergencyProfileId,
    trunksEnrolled: profile.trunks.map(({ id, fqdn }) => ({
      ...{ trunkFqdn: fqdn, trunkId: id },
      matchingSbcList: (sbcs.get(fqdn) ?? []).map(documentedSbc),
    })),
    validation: { Calling: warnings.length === 0 ? 'Validated' : 'NotValidated' },
  }
}

function documentedSbc({ sbcId, fqdn, address, name }: MatchingSbc) {
  return { sbcId, fqdn, ipAddress: address === null ? null : new URL(address).hostname, name }
}
