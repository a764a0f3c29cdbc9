/** A phone number that a tenant has got from an operator, as the operator API writes it. Source: domain/microsoft.md A.8. */
export interface AcquiredNumberRecord {
  TelephoneNumber: string
  CallingProfileId: string | null
  AcquiredCapabilities: string[]
  AvailableCapabilities: string[]
  /** Seven fractional digits and an offset. */
  AcquiredOn: string
  IsoCountryCode: string
  TnUploadJobId: string
  LocationId: string | null
  CivicAddressId: string | null
  AssignmentStatus: 'Unassigned' | 'UserAssigned' | 'ConferenceAssigned' | 'VoiceApp'
  TenantId: string
}

export const ASSIGNMENTS = ['Unassigned', 'UserAssigned', 'ConferenceAssigned', 'VoiceApp'] as const

/** Source: domain/microsoft.md A.6. */
export const USER_CAPABILITIES: readonly string[] = ['UserAssignment', 'InboundCalling', 'OutboundCalling', 'Office365']
