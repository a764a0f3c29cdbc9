/** A calling profile as the operator API writes it, misspelt `Enviroment` included. Source: domain/microsoft.md A.5. */
export interface CallingProfileRecord {
  CallingProfileId: string
  Name: string
  Enviroment: string
  Region: string
  Carrier: string
  OfferTypes: { OfferTypeName: string; TestNumbers: string[] }[]
  EmergencyDialStrings: string[]
  IsEmergencyProfile: boolean
  EmergencyProfileId: string | null
  TrunksEnrolled: { TrunkFqdn: string; TrunkId: string }[]
}

const trunk = (TrunkId: string, TrunkFqdn: string) => ({ TrunkFqdn, TrunkId })
const SBC1 = trunk('0a4f0c6e-14ad-4c54-8f21-2f4c3f7b5e10', 'sbc1.northwind.example')
const SBC2 = trunk('0a4f0c6e-14ad-4c54-8f21-2f4c3f7b5e11', 'sbc2.northwind.example')
const NOAM_EMERGENCY = '6f6f0f4d-6a0d-4f0e-8a35-3a1f6a9b7c02'

/** Profiles are made at Microsoft and read-only to the operator. One of them lacks what a good one has. */
const PROFILES: Readonly<Record<string, readonly CallingProfileRecord[]>> = {
  northwind: [
    {
      CallingProfileId: '6f6f0f4d-6a0d-4f0e-8a35-3a1f6a9b7c01',
      Name: 'Northwind-NOAM-CommsGw',
      Enviroment: 'Production',
      Region: 'NOAM',
      Carrier: 'Northwind Voice',
      OfferTypes: [
        { OfferTypeName: 'Calling', TestNumbers: ['+14255550100', '+14255550101'] },
        { OfferTypeName: 'AudioConferencing', TestNumbers: ['+14255550110'] },
      ],
      EmergencyDialStrings: ['911', '933'],
      IsEmergencyProfile: false,
      EmergencyProfileId: NOAM_EMERGENCY,
      TrunksEnrolled: [SBC1, SBC2],
    },
    {
      CallingProfileId: NOAM_EMERGENCY,
      Name: 'Northwind-NOAM-Emergency',
      Enviroment: 'Production',
      Region: 'NOAM',
      Carrier: 'Northwind Voice',
      OfferTypes: [{ OfferTypeName: 'Calling', TestNumbers: [] }],
      EmergencyDialStrings: ['911', '933'],
      IsEmergencyProfile: true,
      EmergencyProfileId: null,
      TrunksEnrolled: [SBC1, SBC2],
    },
    {
      CallingProfileId: '6f6f0f4d-6a0d-4f0e-8a35-3a1f6a9b7c03',
      Name: 'Northwind-EMEA-CommsGw',
      Enviroment: 'Production',
      Region: 'EMEA',
      Carrier: 'Northwind Voice',
      OfferTypes: [{ OfferTypeName: 'Calling', TestNumbers: ['+442079460100'] }],
      EmergencyDialStrings: ['112', '999'],
      IsEmergencyProfile: false,
      EmergencyProfileId: null,
      TrunksEnrolled: [trunk('0a4f0c6e-14ad-4c54-8f21-2f4c3f7b5e12', 'sbc3.northwind.example')],
    },
  ],
  fabrikam: [
    {
      CallingProfileId: '7a1c2f0e-8b3d-4e1f-9c55-4b2f7a8c9d01',
      Name: 'Fabrikam-EMEA-CommsGw',
      Enviroment: 'Production',
      Region: 'EMEA',
      Carrier: 'Fabrikam Telecom',
      OfferTypes: [{ OfferTypeName: 'Calling', TestNumbers: ['+4930901820'] }],
      EmergencyDialStrings: ['112'],
      IsEmergencyProfile: false,
      EmergencyProfileId: null,
      TrunksEnrolled: [trunk('0a4f0c6e-14ad-4c54-8f21-2f4c3f7b5e21', 'sbc.fabrikam.example')],
    },
  ],
}

export function callingProfilesOf(operatorKey: string): CallingProfileRecord[] {
  return structuredClone([...(PROFILES[operatorKey] ?? [])])
}
