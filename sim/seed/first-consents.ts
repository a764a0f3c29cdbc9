import type { CivicAddressRecord, ConsentRecord } from '../consent-record.ts'

/**
 * The first eleven consents of Northwind Voice. Ids, dates, countries, sizes and the structure of
 * addresses are those of seed 003 (ten consents, in its order) and seed 001 (the direct lead);
 * every company, person, mail, phone and street is invented.
 */

const NORTHWIND_ID = '7a4e58a1-8348-4fa5-8d36-4e19125e4ac3'
const NO_PARTNER = '00000000-0000-0000-0000-000000000000'

type ConsentRow = [
  id: string,
  tenantId: string,
  status: string,
  consentedOn: string,
  lastModifiedOn: string,
  countries: string,
  fullName: string,
  email: string,
  phoneNumber: string,
  companyName: string,
  companySize: string,
]

// biome-ignore format: one consent a row
const CONSENT_ROWS: readonly ConsentRow[] = [
  ['f825e66a-0e07-4d58-9fb3-271f092ceadc', 'f889d778-d028-49e0-8056-b5d24abb7ca7', 'Removed', '2021-12-21T13:50:02.7271943Z', '2022-02-23T11:56:01.5948813Z', 'IL', 'Noa', 'noa@harbor-vale.example', '2065550142', 'Harbor&Vale-it!', 'L250_U999'],
  ['9cfca362-453f-4005-b263-33e2b4b5e459', 'a1a1f1aa-e7c1-4ffc-81e3-7b98e119324a', 'Active', '2022-01-09T15:21:22.5762667Z', '2022-01-10T07:57:55.0623609Z', 'AF IL NL', 'b', 'b@cedarworks.example', '2065550187', 'CedarWorks204918', 'L50_U249'],
  ['0b587e64-648f-489e-a264-9da7d19bc68a', '844fcd55-41f9-4ab5-ad68-e95dbf882c21', 'Removed', '2022-01-09T15:36:51.2106935Z', '2022-01-12T13:55:50.5612045Z', 'AU AX DZ US', 'c', 'c@cedarworks-two.example', '555019955', 'CedarWorks204919', 'L1000_U2999'],
  ['479de1fc-0310-4c35-bf5f-742baa5c67bd', 'daf09efd-f31e-41e4-a86c-bd65bf821e25', 'Active', '2022-11-17T09:08:08.0674744Z', '2024-01-14T13:24:00.9152229Z', 'IL AU', 'eitan', 'IT@tidepool-labs.example', '+972555010', 'tidepool labs', 'L25_U49'],
  ['93099f3f-506d-4630-a691-c28fc8ee2422', 'e2b78fc7-7081-4d8b-a0ee-86b597bf0502', 'Removed', '2022-02-14T11:09:18.8860092Z', '2022-02-14T11:37:55.2131077Z', 'US AU', 'Priya', 'priya.nair@cedarworks.example', '2065550109', 'CedarWorks', 'L2_U4'],
  ['cb720317-bd9f-4c91-be28-eed5c2fdf195', 'd618acb7-4650-43da-aab5-dfd629091258', 'Removed', '2022-01-12T17:21:07.862224Z', '2022-01-12T17:49:14.9302234Z', 'US', 'sam', 'sam@brightquay.example', '2065550142', 'Brightquay Group', 'L3000_UInfinity'],
  ['1d880d99-d913-4e80-8203-358b2faf40bf', 'a844ad24-9534-4dc0-b0cd-4b2d0ebe543e', 'Active', '2022-10-11T06:35:50.4337749Z', '2022-10-11T06:35:50.4337749Z', 'IL RO', 'noam', 'noam@larkfield.example', '+972555010155', 'Lrkfld-Hldngs!@#$%^&*()_+LongCompanyName', 'L250_U999'],
  ['691aa0bb-5396-4df6-97ad-83f82e4a64e2', 'd1382f6b-4846-45d7-9ac8-0349c1ed5ead', 'Active', '2023-03-19T12:14:44.9624543Z', '2023-03-19T12:14:44.9624543Z', 'IL', 'deskadmin3', 'deskadmin3@alder-pine.example', '+2065550142', 'Alder & Pine US', 'L2_U4'],
  ['e18efef1-4251-46eb-a6b1-f533fae3c963', '2aa6292d-f096-4445-a0b3-ae6783d1b47b', 'Active', '2022-05-10T11:08:23.8541687Z', '2022-05-10T11:08:23.8541687Z', 'IL', 'noa', 'noa@quillstone.example', '+97235550146', 'quill00stone', 'L50_U249'],
  ['8acfb14f-231e-4fff-b9dc-f3128f503279', '21c213d9-baf1-43af-9822-712e86b9265e', 'Active', '2022-08-03T07:30:21.2473927Z', '2023-11-07T08:05:08.9239371Z', 'BG CA IL', 'tamar_1', 'office@fern-vale.example', '+1235550189', 'fern-vale-at', 'L1000_U2999'],
]

function consentOfRow(row: ConsentRow): ConsentRecord {
  const [id, tenantId, status, consentedOn, lastModifiedOn, countries, fullName, email, phone, company, size] = row
  const contact = () => ({
    FullName: fullName,
    Email: email,
    PhoneNumber: phone,
    CompanyName: company,
    CompanySize: size,
  })
  return {
    Id: id,
    TenantId: tenantId,
    TenantOrigin: null,
    OperatorId: NORTHWIND_ID,
    Status: status,
    ConsentedOn: consentedOn,
    LastModifiedOn: lastModifiedOn,
    ConsentedCountries: countries.split(' '),
    Contacts: [contact()],
    ContactDetails: contact(),
    CustomerRelationship: null,
    ProductContext: 'teams',
  }
}

export const DIRECT_TENANT_ID = 'f94238e5-4f2c-4e1b-8125-2d27122ca75f'

const DIRECT_LEAD: ConsentRecord = {
  Id: 'da68eafc-d3c6-4d3b-9a10-c48b26c6086b',
  TenantId: DIRECT_TENANT_ID,
  TenantOrigin: null,
  OperatorId: null,
  Status: 'Active',
  ConsentedOn: '2024-04-03T13:32:12.8286742Z',
  LastModifiedOn: '2024-04-03T13:32:12.82872Z',
  ConsentedCountries: [],
  Contacts: null,
  ContactDetails: {
    FullName: null,
    Email: null,
    PhoneNumber: null,
    CompanyName: 'TrunkTrial',
    CompanySize: null,
  },
  CustomerRelationship: null,
  ProductContext: 'teams',
}

/** New copies each time: the caller owns them. */
export function firstConsents(): ConsentRecord[] {
  return [...CONSENT_ROWS.map(consentOfRow), structuredClone(DIRECT_LEAD)]
}

type LocationRow = [id: string, additionalInfo: string | null, isDefault: boolean]
type AddressRow = [
  tenantId: string,
  id: string,
  country: string,
  houseNumber: string,
  streetName: string,
  streetSuffix: string,
  stateOrProvince: string,
  countyOrDistrict: string,
  cityOrTown: string,
  postalOrZipCode: string,
  description: string,
  companyName: string,
  companyId: string,
  locations: LocationRow[],
]

// biome-ignore format: one address a row
const ADDRESS_ROWS: readonly AddressRow[] = [
  ['a1a1f1aa-e7c1-4ffc-81e3-7b98e119324a', '7c92121a-9742-49ac-b34b-4855dc65f538', 'IL', '4', 'tamarisk', '', '', '', 'Tel aviv', '6300017', 'Reception1', 'CedarWorks204918', '', [['9a80b701-1e12-4b1c-ac62-7d056af72cdd', null, true]]],
  ['daf09efd-f31e-41e4-a86c-bd65bf821e25', '6c0b743b-5d88-4fbc-8919-f43835c8efe7', 'IL', '10', 'Seagull Street', '', 'Haifa District', '', 'Haifa', '31', 'Haifa', 'Tidepool - Test Floor 3', '', [['285ab458-4ef8-477b-ad40-52e19a7cdcc3', null, true]]],
  ['daf09efd-f31e-41e4-a86c-bd65bf821e25', '7071cc80-ed77-11ec-88b5-6dc0c381f96c', 'IL', '20', 'Windmill Street', '', 'Southern District', 'IL', 'Beer Sheva', '84', 'IL-Warehouse', 'Tidepool - Test Floor 3', '', [['bdda8505-3c04-4767-9953-a4e384fa6279', null, true]]],
  ['a844ad24-9534-4dc0-b0cd-4b2d0ebe543e', 'e5a355e0-84fa-11ec-a513-f9ead4fe1981', 'IL', '1', 'Orchard Street', 'Orchard Street', 'Tel Aviv District', 'IL', 'Or Yehuda', '60', 'Larkfield', 'Larkfield-es-cust', '', [['9cf915fb-dfd8-4069-a58c-7f3c472d5134', null, true]]],
  ['d1382f6b-4846-45d7-9ac8-0349c1ed5ead', '82bbdb8c-1409-432e-9d4a-e4fed2f89cfa', 'IL', '1', 'Poplar', '', '', '', 'Lod', '70000', 'Alder & Pine', 'Alder & Pine', '', [['a99d8c45-88b4-4128-bd5a-1aeff263bcec', null, true]]],
  ['d1382f6b-4846-45d7-9ac8-0349c1ed5ead', '05e4c57a-42a4-40e6-87e6-ccc56e88a38d', 'US', '700', 'Gravel Road', '', 'AR', '', 'Departee', '72020', 'trial', 'Alder & Pine US', '', [['78bade1e-0a67-4cae-b117-68107e799fec', null, true]]],
  ['d1382f6b-4846-45d7-9ac8-0349c1ed5ead', '7267bf00-b0fb-4c14-b0d0-2c77356d4368', 'US', '700', 'Gravel Road', '', 'OH', '', 'Springfield', '45601', 'US', 'Alder & Pine US', '', [['20a9c9c7-210c-4292-9089-08734d63c4b5', null, true]]],
  ['d1382f6b-4846-45d7-9ac8-0349c1ed5ead', '0f61c29c-1cbe-48c8-8def-2254d6071590', 'NL', '3D', 'Zeilmakerstraat', '', 'Flevoland', '', 'Almere', '1322', 'NL Almere', 'Alder & Pine NL', '12345', [['e8a1e579-25c4-4f3f-b55c-08b239e58fb8', null, true], ['7de4cf27-da48-44df-be24-0f666220e8f1', '1st floor', false]]],
  ['21c213d9-baf1-43af-9822-712e86b9265e', '9a922a6b-0a6c-4348-a849-71bf544560e0', 'IL', '1', 'Orchard Street', '', 'Central District', '', 'Ramle', '72', 'fern-at', 'fern-at', '', [['3985cac3-ec25-491d-b4b4-f5f1c04a13eb', null, true]]],
  [DIRECT_TENANT_ID, '3d0a1c7e-6b52-4e8f-9c14-52f7ab08d611', 'US', '18', 'Juniper Court', '', 'WA', 'King', 'Redmond', '98052', 'Trial desk', 'TrunkTrial', '', [['b7f24e90-13d5-4a6c-8e21-0c9d5f7a3b42', null, true]]],
]

function addressOfRow(row: AddressRow): CivicAddressRecord {
  const [tenantId, id, country, houseNumber, street, suffix, state, county, city, zip, description] = row
  const [companyName, companyId, locations] = [row[11], row[12], row[13]]
  return {
    Id: id,
    Country: country,
    HouseNumber: houseNumber,
    HouseNumberSuffix: '',
    PreDirectional: '',
    StreetName: street,
    StreetSuffix: suffix,
    PostDirectional: '',
    StateOrProvince: state,
    CountyOrDistrict: county,
    CityOrTown: city,
    CityOrTownAlias: '',
    PostalOrZipCode: zip,
    Description: description,
    CompanyName: companyName,
    CompanyId: companyId,
    DefaultLocationId: locations.find(([, , isDefault]) => isDefault)?.[0] ?? '',
    ValidationStatus: 'Validated',
    TenantId: tenantId,
    PartnerId: NO_PARTNER,
    Locations: locations.map(([locationId, additionalInfo, isDefault]) => ({
      Id: locationId,
      CivicAddressId: id,
      Description: description,
      AdditionalInfo: additionalInfo,
      IsDefault: String(isDefault),
      Elin: null,
    })),
  }
}

/** Civic addresses of the first eleven by tenant id; a tenant that is not in it has none. */
export function firstAddresses(): Map<string, CivicAddressRecord[]> {
  return Map.groupBy(ADDRESS_ROWS.map(addressOfRow), (address) => address.TenantId)
}
