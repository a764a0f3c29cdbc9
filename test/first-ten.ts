/** What is known of the first ten leads but their names: facts of seed 003, in its order. */
export type FirstLead = {
  id: string
  tenantId: string
  status: 'Active' | 'Removed'
  umpCustomerGuid: string | null
  ovocChannelId: number | null
  isNotActive: true | null
  comments: [] | null
  consentedOn: string
  lastModifiedOn: string
  consentedCountries: string[]
  companySize: string
  /** null: never asked for. Of each its country, its default location, and the locations beside that. */
  civicAddresses: FirstAddress[] | null
}
export type FirstAddress = {
  id: string
  country: string
  defaultLocationId: string
  otherLocations: { id: string; additionalInfo: string }[]
}

export const NORTHWIND_MS_OPERATOR_ID = '7a4e58a1-8348-4fa5-8d36-4e19125e4ac3'
/** Made without consent. Source: seed 001. */
export const DIRECT_TENANT_ID = 'f94238e5-4f2c-4e1b-8125-2d27122ca75f'

const removed = {
  status: 'Removed',
  umpCustomerGuid: null,
  ovocChannelId: null,
  isNotActive: null,
  comments: null,
  civicAddresses: null,
} as const
const unlicensed = {
  status: 'Active',
  umpCustomerGuid: null,
  ovocChannelId: null,
  isNotActive: null,
  comments: null,
} as const

export const firstTen: FirstLead[] = [
  {
    id: 'f825e66a-0e07-4d58-9fb3-271f092ceadc',
    tenantId: 'f889d778-d028-49e0-8056-b5d24abb7ca7',
    ...removed,
    consentedOn: '2021-12-21T13:50:02.7271943Z',
    lastModifiedOn: '2022-02-23T11:56:01.5948813Z',
    consentedCountries: ['IL'],
    companySize: 'L250_U999',
  },
  {
    id: '9cfca362-453f-4005-b263-33e2b4b5e459',
    tenantId: 'a1a1f1aa-e7c1-4ffc-81e3-7b98e119324a',
    status: 'Active',
    umpCustomerGuid: null,
    ovocChannelId: null,
    isNotActive: true,
    comments: [],
    consentedOn: '2022-01-09T15:21:22.5762667Z',
    lastModifiedOn: '2022-01-10T07:57:55.0623609Z',
    consentedCountries: ['AF', 'IL', 'NL'],
    companySize: 'L50_U249',
    civicAddresses: [
      {
        id: '7c92121a-9742-49ac-b34b-4855dc65f538',
        country: 'IL',
        defaultLocationId: '9a80b701-1e12-4b1c-ac62-7d056af72cdd',
        otherLocations: [],
      },
    ],
  },
  {
    id: '0b587e64-648f-489e-a264-9da7d19bc68a',
    tenantId: '844fcd55-41f9-4ab5-ad68-e95dbf882c21',
    ...removed,
    consentedOn: '2022-01-09T15:36:51.2106935Z',
    lastModifiedOn: '2022-01-12T13:55:50.5612045Z',
    consentedCountries: ['AU', 'AX', 'DZ', 'US'],
    companySize: 'L1000_U2999',
  },
  {
    id: '479de1fc-0310-4c35-bf5f-742baa5c67bd',
    tenantId: 'daf09efd-f31e-41e4-a86c-bd65bf821e25',
    status: 'Active',
    umpCustomerGuid: 'c39a9d97-3374-4bab-8648-459795360c7e',
    ovocChannelId: 0,
    isNotActive: null,
    comments: [],
    consentedOn: '2022-11-17T09:08:08.0674744Z',
    lastModifiedOn: '2024-01-14T13:24:00.9152229Z',
    consentedCountries: ['IL', 'AU'],
    companySize: 'L25_U49',
    civicAddresses: [
      {
        id: '6c0b743b-5d88-4fbc-8919-f43835c8efe7',
        country: 'IL',
        defaultLocationId: '285ab458-4ef8-477b-ad40-52e19a7cdcc3',
        otherLocations: [],
      },
      {
        id: '7071cc80-ed77-11ec-88b5-6dc0c381f96c',
        country: 'IL',
        defaultLocationId: 'bdda8505-3c04-4767-9953-a4e384fa6279',
        otherLocations: [],
      },
    ],
  },
  {
    id: '93099f3f-506d-4630-a691-c28fc8ee2422',
    tenantId: 'e2b78fc7-7081-4d8b-a0ee-86b597bf0502',
    ...removed,
    consentedOn: '2022-02-14T11:09:18.8860092Z',
    lastModifiedOn: '2022-02-14T11:37:55.2131077Z',
    consentedCountries: ['US', 'AU'],
    companySize: 'L2_U4',
  },
  {
    id: 'cb720317-bd9f-4c91-be28-eed5c2fdf195',
    tenantId: 'd618acb7-4650-43da-aab5-dfd629091258',
    ...removed,
    consentedOn: '2022-01-12T17:21:07.862224Z',
    lastModifiedOn: '2022-01-12T17:49:14.9302234Z',
    consentedCountries: ['US'],
    companySize: 'L3000_UInfinity',
  },
  {
    id: '1d880d99-d913-4e80-8203-358b2faf40bf',
    tenantId: 'a844ad24-9534-4dc0-b0cd-4b2d0ebe543e',
    ...unlicensed,
    consentedOn: '2022-10-11T06:35:50.4337749Z',
    lastModifiedOn: '2022-10-11T06:35:50.4337749Z',
    consentedCountries: ['IL', 'RO'],
    companySize: 'L250_U999',
    civicAddresses: [
      {
        id: 'e5a355e0-84fa-11ec-a513-f9ead4fe1981',
        country: 'IL',
        defaultLocationId: '9cf915fb-dfd8-4069-a58c-7f3c472d5134',
        otherLocations: [],
      },
    ],
  },
  {
    id: '691aa0bb-5396-4df6-97ad-83f82e4a64e2',
    tenantId: 'd1382f6b-4846-45d7-9ac8-0349c1ed5ead',
    status: 'Active',
    umpCustomerGuid: 'bb9fac5f-6b72-4e33-8bd6-8e6ef8342bc3',
    ovocChannelId: 907,
    isNotActive: null,
    comments: [],
    consentedOn: '2023-03-19T12:14:44.9624543Z',
    lastModifiedOn: '2023-03-19T12:14:44.9624543Z',
    consentedCountries: ['IL'],
    companySize: 'L2_U4',
    civicAddresses: [
      {
        id: '82bbdb8c-1409-432e-9d4a-e4fed2f89cfa',
        country: 'IL',
        defaultLocationId: 'a99d8c45-88b4-4128-bd5a-1aeff263bcec',
        otherLocations: [],
      },
      {
        id: '05e4c57a-42a4-40e6-87e6-ccc56e88a38d',
        country: 'US',
        defaultLocationId: '78bade1e-0a67-4cae-b117-68107e799fec',
        otherLocations: [],
      },
      {
        id: '7267bf00-b0fb-4c14-b0d0-2c77356d4368',
        country: 'US',
        defaultLocationId: '20a9c9c7-210c-4292-9089-08734d63c4b5',
        otherLocations: [],
      },
      {
        id: '0f61c29c-1cbe-48c8-8def-2254d6071590',
        country: 'NL',
        defaultLocationId: 'e8a1e579-25c4-4f3f-b55c-08b239e58fb8',
        otherLocations: [{ id: '7de4cf27-da48-44df-be24-0f666220e8f1', additionalInfo: '1st floor' }],
      },
    ],
  },
  {
    id: 'e18efef1-4251-46eb-a6b1-f533fae3c963',
    tenantId: '2aa6292d-f096-4445-a0b3-ae6783d1b47b',
    status: 'Active',
    umpCustomerGuid: '11d7c50f-414e-48f9-91c1-8e4deec94054',
    ovocChannelId: 0,
    isNotActive: null,
    comments: [],
    consentedOn: '2022-05-10T11:08:23.8541687Z',
    lastModifiedOn: '2022-05-10T11:08:23.8541687Z',
    consentedCountries: ['IL'],
    companySize: 'L50_U249',
    civicAddresses: [],
  },
  {
    id: '8acfb14f-231e-4fff-b9dc-f3128f503279',
    tenantId: '21c213d9-baf1-43af-9822-712e86b9265e',
    ...unlicensed,
    consentedOn: '2022-08-03T07:30:21.2473927Z',
    lastModifiedOn: '2023-11-07T08:05:08.9239371Z',
    consentedCountries: ['BG', 'CA', 'IL'],
    companySize: 'L1000_U2999',
    civicAddresses: [
      {
        id: '9a922a6b-0a6c-4348-a849-71bf544560e0',
        country: 'IL',
        defaultLocationId: '3985cac3-ec25-491d-b4b4-f5f1c04a13eb',
        otherLocations: [],
      },
    ],
  },
]

/** Keys of a lead, an address and a location as sent, in order. Source: rest-api.md 2.1 to 2.3 (seed 003). */
export const LEAD_KEYS = [
  'civicAddresses',
  'comments',
  'umpCustomerGuid',
  'isNotActive',
  'channelId',
  'ovocChannelId',
  'isDirectLead',
  'id',
  'tenantId',
  'tenantOrigin',
  'operatorId',
  'status',
  'consentedOn',
  'lastModifiedOn',
  'consentedCountries',
  'contactDetails',
  'contacts',
]
export const CONTACT_KEYS = ['fullName', 'email', 'phoneNumber', 'companyName', 'companySize']
export const ADDRESS_KEYS = [
  'id',
  'country',
  'houseNumber',
  'houseNumberSuffix',
  'preDirectional',
  'streetName',
  'streetSuffix',
  'postDirectional',
  'stateOrProvince',
  'countyOrDistrict',
  'cityOrTown',
  'cityOrTownAlias',
  'postalOrZipCode',
  'description',
  'companyName',
  'companyId',
  'defaultLocationId',
  'validationStatus',
  'tenantId',
  'partnerId',
  'locations',
]
export const LOCATION_KEYS = ['id', 'civicAddressId', 'description', 'additionalInfo', 'isDefault', 'elin']
/** Parts of an address that are empty in all nine of seed 003. */
export const EMPTY_ADDRESS_PARTS = ['houseNumberSuffix', 'preDirectional', 'postDirectional', 'cityOrTownAlias']
