/** What the warnings of a profile are made of. */
export type ProfileFacts = {
  id: string
  isEmergencyProfile: boolean
  emergencyProfileId: string | null
  trunks: readonly { fqdn: string }[]
  isRemoved: boolean
}

export type ProfileWarning = {
  code: 'no-trunk' | 'single-trunk' | 'trunk-without-sbc' | 'no-emergency-profile' | 'removed'
  detail: string
}

/**
 * What a good profile has and this one lacks: two trunks for failover, an SBC of ours for each, and a profile for emergency
 * calls. Source: microsoft.md A.5; issue 7, 3.
 */
export function profileWarnings(
  profile: ProfileFacts,
  known: ReadonlySet<string>,
  carried: ReadonlySet<string>,
): ProfileWarning[] {
  if (profile.isRemoved) return [{ code: 'removed', detail: 'Microsoft does not list this profile any more.' }]
  const warnings: ProfileWarning[] = []
  const { trunks, isEmergencyProfile, emergencyProfileId } = profile
  if (trunks.length === 0) warnings.push({ code: 'no-trunk', detail: 'It has no trunk: no call gets through.' })
  if (trunks.length === 1) {
    warnings.push({ code: 'single-trunk', detail: 'It has one trunk only: when that fails, no call gets through.' })
  }
  for (const { fqdn } of trunks) {
    if (!carried.has(fqdn)) warnings.push({ code: 'trunk-without-sbc', detail: `No SBC carries the trunk ${fqdn}.` })
  }
  const hasEmergency = emergencyProfileId !== null && known.has(emergencyProfileId)
  if (!isEmergencyProfile && !hasEmergency) {
    warnings.push({ code: 'no-emergency-profile', detail: 'No profile for emergency calls belongs to it.' })
  }
  return warnings
}
