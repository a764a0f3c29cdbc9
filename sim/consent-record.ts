/**
 * The native objects of the Operator Connect operator API, in its PascalCase (microsoft.md A.4 and A.9).
 * The simulator keeps them as Microsoft sends them; camelCase is only another way to write them out.
 */

export interface ConsentContact {
  FullName: string | null
  Email: string | null
  PhoneNumber: string | null
  CompanyName: string
  CompanySize: string | null
}

export interface CustomerRelationship {
  Status: string
  Comment: string
  LastModifiedOn: string
}

export interface ConsentRecord {
  Id: string
  TenantId: string
  TenantOrigin: string | null
  OperatorId: string | null
  Status: string
  ConsentedOn: string
  LastModifiedOn: string
  ConsentedCountries: string[]
  Contacts: ConsentContact[] | null
  ContactDetails: ConsentContact | null
  CustomerRelationship: CustomerRelationship | null
  ProductContext: string
}

export interface LocationRecord {
  Id: string
  CivicAddressId: string
  Description: string
  AdditionalInfo: string | null
  /** Boolean in one public mirror of the API, the words "true" and "false" in another (microsoft.md A.9). */
  IsDefault: boolean | string
  Elin: string | null
}

export interface CivicAddressRecord {
  Id: string
  Country: string
  HouseNumber: string
  HouseNumberSuffix: string
  PreDirectional: string
  StreetName: string
  StreetSuffix: string
  PostDirectional: string
  StateOrProvince: string
  CountyOrDistrict: string
  CityOrTown: string
  CityOrTownAlias: string
  PostalOrZipCode: string
  Description: string
  CompanyName: string
  CompanyId: string
  DefaultLocationId: string
  ValidationStatus: string
  TenantId: string
  PartnerId: string
  Locations: LocationRecord[]
  Latitude?: string
  Longitude?: string
}

/** A direct (consentless) lead is recognised by what it lacks: no operator and no contacts (seed 001). */
export function isDirect(consent: ConsentRecord): boolean {
  return consent.OperatorId === null && consent.Contacts === null
}

/** Company shown for a consent, whichever of the two contact forms holds it; '' when neither does. */
export function companyNameOf(consent: ConsentRecord): string {
  return consent.ContactDetails?.CompanyName ?? consent.Contacts?.[0]?.CompanyName ?? ''
}
