import type { ConsentRecord } from './consent-record.ts'

/** A relation that the operator began by itself: Active at once, no market, no size, no contacts (microsoft.md A.4). */
export function directConsent(fields: { id: string; tenantId: string; company: string; at: string }): ConsentRecord {
  return {
    Id: fields.id,
    TenantId: fields.tenantId,
    TenantOrigin: null,
    OperatorId: null,
    Status: 'Active',
    ConsentedOn: fields.at,
    LastModifiedOn: fields.at,
    ConsentedCountries: [],
    Contacts: null,
    ContactDetails: {
      FullName: null,
      Email: null,
      PhoneNumber: null,
      CompanyName: fields.company,
      CompanySize: null,
    },
    CustomerRelationship: null,
    ProductContext: 'teams',
  }
}
