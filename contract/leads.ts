import Type from 'typebox'
import { defineEndpoint } from './endpoint.ts'
import { leadAffected } from './lead-affected.ts'
import { leadComment } from './lead-comments.ts'
import { leadDue, leadOwner } from './lead-owner.ts'
import { leadReferences } from './lead-references.ts'
import { exampleLeads } from './leads.example.ts'

const nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const guid = (description: string) => Type.String({ format: 'uuid', description })

/** One place inside a civic address. Source: rest-api.md 2.3 (seed 003); every value is text, `isDefault` too. */
export const location = Type.Object(
  {
    id: Type.String({ description: 'Location id, a GUID; as Microsoft wrote it, "" where it wrote none' }),
    civicAddressId: Type.String({ description: 'The civic address it belongs to, as Microsoft wrote it' }),
    description: Type.String(),
    additionalInfo: nullable(Type.String({ description: 'For example "1st floor"' })),
    isDefault: Type.Union([Type.Literal('true'), Type.Literal('false')], { description: 'Text, not a boolean' }),
    elin: nullable(Type.String({ description: 'Emergency location identification number' })),
  },
  { $id: 'Location' },
)

/** An emergency address the customer keeps at Microsoft. Source: rest-api.md 2.2 (seed 003); empty parts are "", never null. */
export const civicAddress = Type.Object(
  {
    id: guid('Civic address id'),
    country: Type.String({ description: 'ISO 3166-1 alpha-2 as Microsoft wrote it' }),
    houseNumber: Type.String(),
    houseNumberSuffix: Type.String(),
    preDirectional: Type.String(),
    streetName: Type.String(),
    streetSuffix: Type.String(),
    postDirectional: Type.String(),
    stateOrProvince: Type.String(),
    countyOrDistrict: Type.String(),
    cityOrTown: Type.String(),
    cityOrTownAlias: Type.String(),
    postalOrZipCode: Type.String(),
    description: Type.String(),
    companyName: Type.String(),
    companyId: Type.String(),
    defaultLocationId: Type.String({ description: 'The location whose isDefault is "true"' }),
    validationStatus: Type.String({ description: 'Microsoft\'s word, for example "Validated"' }),
    tenantId: Type.String({ description: 'The customer\'s Entra tenant, a GUID; "" where Microsoft wrote none' }),
    partnerId: Type.String(),
    locations: Type.Array(location),
  },
  { $id: 'CivicAddress' },
)

/** Source: rest-api.md 2.1. The phone number is what the customer typed, not reliably E.164. */
export const leadContact = Type.Object(
  {
    fullName: nullable(Type.String()),
    email: nullable(Type.String()),
    phoneNumber: nullable(Type.String()),
    companyName: nullable(Type.String()),
    companySize: nullable(
      Type.String({ description: 'Bounds as L<lower>_U<upper>, for example L250_U999, L3000_UInfinity' }),
    ),
  },
  { $id: 'LeadContact' },
)

/** A lead as the documented API shows it: all keys always present, in this order. Source: seeds 001 and 003, rest-api.md 2.1. */
export const lead = Type.Object(
  {
    civicAddresses: nullable(Type.Array(civicAddress, { description: 'null: never asked; []: asked, none' })),
    comments: nullable(
      Type.Array(leadComment, { description: 'null until a local fact was ever stored on the lead; the oldest first' }),
    ),
    umpCustomerGuid: nullable(guid('The service; null until a license is applied')),
    isNotActive: nullable(Type.Boolean({ description: 'true: known to have no active license; null: not evaluated' })),
    channelId: Type.Null({ description: 'Always null; see ovocChannelId' }),
    ovocChannelId: nullable(
      Type.Integer({ description: 'null: no license and no channel; 0: licensed without channel; else the channel' }),
    ),
    isDirectLead: Type.Boolean({ description: 'true: consentless, made by the carrier or a channel' }),
    id: guid("Microsoft's consent id"),
    tenantId: guid("The customer's Entra tenant"),
    tenantOrigin: nullable(Type.String()),
    operatorId: nullable(Type.String({ description: "The operator's id at Microsoft; null on direct leads" })),
    status: Type.String({
      description: 'Active, NotActive, Suspended or Removed; an unknown word of Microsoft is kept',
    }),
    consentedOn: Type.String({ description: 'As Microsoft wrote it: UTC, 0 to 7 fractional digits' }),
    lastModifiedOn: Type.String({ description: 'As Microsoft wrote it' }),
    consentedCountries: Type.Array(Type.String(), { description: 'ISO 3166-1 alpha-2 as Microsoft wrote them' }),
    contactDetails: leadContact,
    contacts: nullable(Type.Array(leadContact)),
  },
  { $id: 'Lead' },
)

export type WireLocation = Type.Static<typeof location>
export type WireCivicAddress = Type.Static<typeof civicAddress>
export type WireLeadContact = Type.Static<typeof leadContact>
export type WireLead = Type.Static<typeof lead>

/** Records per page of the documented list: at most this many. Source: seed 003. */
export const PAGE_SIZE_MAX = 20_000
/** Default page size of the documented list, and of the same route with a tenant id. Source: rest-api.md X2. */
export const PAGE_SIZE_DEFAULT = 10
export const PAGE_SIZE_DEFAULT_ONE_TENANT = 100

/** Orders a list can have; ties are broken by arrival. A leading minus means descending. */
export const leadSorts = [
  'arrival',
  '-arrival',
  'consentedOn',
  '-consentedOn',
  'lastModifiedOn',
  '-lastModifiedOn',
  'companyName',
  '-companyName',
  'companySize',
  '-companySize',
] as const
export type LeadSort = (typeof leadSorts)[number]

const leadFilters = {
  status: Type.Optional(
    Type.String({
      maxLength: 200,
      description: 'Microsoft status; several separated by commas. Without regard to letter case and blanks',
    }),
  ),
  country: Type.Optional(
    Type.String({ maxLength: 200, description: 'Consented countries (ISO alpha-2), any of a comma-separated list' }),
  ),
  channelId: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 2_147_483_647,
      description: 'Only leads of this channel; 0: leads without a channel',
    }),
  ),
  isDirectLead: Type.Optional(Type.Boolean({ description: 'true: consentless only; false: consented only' })),
  modifiedSince: Type.Optional(
    Type.String({ maxLength: 40, description: 'Last modified at or after this instant (ISO 8601, or a date)' }),
  ),
  modifiedBefore: Type.Optional(
    Type.String({ maxLength: 40, description: 'Last modified before this instant (ISO 8601, or a date)' }),
  ),
  consentedSince: Type.Optional(
    Type.String({ maxLength: 40, description: 'Consented at or after this instant (ISO 8601, or a date)' }),
  ),
  consentedBefore: Type.Optional(
    Type.String({ maxLength: 40, description: 'Consented before this instant (ISO 8601, or a date)' }),
  ),
  q: Type.Optional(
    Type.String({
      maxLength: 200,
      description:
        'Substring of company, contact names and mails, phone digits, tenant id, own references, short name of the service, name of the channel; ' +
        'without regard to letter case',
    }),
  ),
}

const sort = Type.Optional(
  Type.Enum([...leadSorts], {
    description: 'Default: arrival, the order in which Microsoft listed the leads at first, then as they came',
  }),
)

const cursor = Type.Optional(
  Type.String({ maxLength: 400, description: 'Opaque, from X-Next-Cursor of the page before; instead of PageNumber' }),
)

const listHeaders = {
  'X-Total-Count': 'Leads that match, on all pages',
  'X-Next-Cursor': 'Cursor of the next page; absent on the last',
  Link: 'first, prev, next and last page (RFC 8288)',
  ETag: 'Changes when any lead in the scope changes; send it back as If-None-Match',
}

export const listLeads = defineEndpoint({
  operationId: 'listLeads',
  method: 'GET',
  path: '/api/v2/oc/lead',
  tag: 'Leads',
  summary: 'Leads of the operator, or those of one customer tenant',
  description:
    'A flat array in order of arrival, so that pages never repeat or skip a record. Page 0 and page 1 are the first page; ' +
    `PageSize is ${PAGE_SIZE_DEFAULT} by default (${PAGE_SIZE_DEFAULT_ONE_TENANT} with a tenant id) and at most ${PAGE_SIZE_MAX}. ` +
    'With a tenant id the newest consented lead comes first, then the direct one; a tenant without a lead gives an empty array. ' +
    'Direct leads in the answer that have no civic addresses get them from Microsoft in the same answer ' +
    '(at most 25 tenants and 2 seconds; failures never fail the request). ' +
    'checkOnline=true asks Microsoft when nothing is found here. Names of query parameters match without regard to letter case and blanks.',
  source: 'seed 003, seed 001, rest-api.md L1 and L2',
  permission: 'leads.read',
  documented: true,
  lenientQueryNames: true,
  query: Type.Object({
    msTenantId: Type.Optional(Type.String({ maxLength: 100, description: "The customer's Entra tenant id (GUID)" })),
    PageNumber: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 100_000_000, description: '0 and 1 are the first page' }),
    ),
    PageSize: Type.Optional(
      Type.Integer({ minimum: 1, maximum: PAGE_SIZE_MAX, description: `Leads per page, at most ${PAGE_SIZE_MAX}` }),
    ),
    checkOnline: Type.Optional(Type.Boolean({ description: 'Ask Microsoft when nothing is found here' })),
    ...leadFilters,
    sort,
    cursor,
  }),
  responses: {
    200: {
      description: 'The leads of the page',
      schema: Type.Array(lead),
      headers: listHeaders,
      example: exampleLeads,
    },
    304: { description: 'Nothing changed since the ETag sent as If-None-Match', schema: null },
  },
})

const permitted = Type.Object({
  allowed: Type.Boolean(),
  reason: Type.Optional(Type.String({ description: 'Why not, in the words a refusal would use' })),
})

/** What the portal needs of a lead, with names instead of codes. Ours. */
export const deskLead = Type.Object(
  {
    id: guid("Microsoft's consent id"),
    tenantId: guid("The customer's Entra tenant"),
    companyName: nullable(Type.String()),
    companySize: nullable(
      Type.Object({
        token: Type.String({ description: "Microsoft's word" }),
        lower: nullable(Type.Integer()),
        upper: nullable(Type.Integer({ description: 'null: no upper bound, or an unknown token' })),
      }),
    ),
    contact: leadContact,
    contacts: Type.Array(leadContact),
    countries: Type.Array(Type.String()),
    status: Type.String({ description: 'Microsoft status' }),
    license: nullable(
      Type.Union([Type.Literal('OC Essential'), Type.Literal('OC Essentials Plus'), Type.Literal('OC Pro')]),
    ),
    processing: nullable(Type.Union([Type.Literal('Updating'), Type.Literal('Success'), Type.Literal('Failed')])),
    umpCustomerGuid: nullable(guid('The service')),
    channel: nullable(Type.Object({ id: Type.Integer(), name: Type.String() })),
    isDirectLead: Type.Boolean(),
    relationship: nullable(
      Type.Object(
        {
          status: nullable(Type.String({ description: "Microsoft's word, for example CustomerContacted" })),
          comment: nullable(Type.String()),
          lastModifiedOn: nullable(Type.String()),
        },
        { description: "The operator's side of the relation, as Microsoft last told it" },
      ),
    ),
    consentedOn: Type.String(),
    lastModifiedOn: Type.String(),
    firstSeenAt: Type.String({ format: 'date-time', description: 'When Leadline first saw it' }),
    changedAt: Type.String({ format: 'date-time', description: 'When it last changed here' }),
    missingSince: nullable(
      Type.String({
        format: 'date-time',
        description: 'Not in the last listing of Microsoft; removal is being confirmed',
      }),
    ),
    addresses: Type.Object({
      count: nullable(Type.Integer({ description: 'null: never asked' })),
      askedAt: nullable(Type.String({ format: 'date-time' })),
      failure: nullable(Type.String({ description: 'Why the last attempt failed' })),
    }),
    commentCount: Type.Integer(),
    owner: nullable(leadOwner),
    formerOwner: nullable(Type.String({ description: 'Who saw to it until he left; nobody has taken it since' })),
    due: nullable(leadDue),
    archivedAt: nullable(
      Type.String({ format: 'date-time', description: 'A Removed lead that was put away; lists of the desk hide it' }),
    ),
    affected: nullable(leadAffected),
    actions: Type.Record(Type.String(), permitted, { description: 'What may be done now, and why not' }),
  },
  { $id: 'DeskLead' },
)
export type DeskLead = Type.Static<typeof deskLead>

/** One lead with all that is known of it. Ours. */
export const deskLeadDetail = Type.Object(
  {
    ...deskLead.properties,
    references: leadReferences,
    civicAddresses: nullable(Type.Array(civicAddress)),
    tenantOrigin: nullable(Type.String()),
    operatorId: nullable(Type.String({ description: "The operator's id at Microsoft" })),
    extras: Type.Record(Type.String(), Type.Unknown(), {
      description: 'What Microsoft sent beyond the documented fields',
    }),
  },
  { $id: 'DeskLeadDetail' },
)
export type DeskLeadDetail = Type.Static<typeof deskLeadDetail>

const facet = Type.Array(Type.Object({ value: Type.String(), count: Type.Integer() }))
export const leadFacets = Type.Object({
  status: facet,
  license: facet,
  processing: facet,
  country: facet,
  isDirectLead: facet,
  owner: Type.Array(Type.Object({ value: Type.String(), count: Type.Integer() }), {
    description: 'By personId; none: nobody; left: nobody, since its owner has left (counted in none too)',
  }),
  overdue: Type.Integer({ description: 'Overdue leads' }),
})
export type LeadFacets = Type.Static<typeof leadFacets>

/** Leads that a list may be narrowed to by their ids. */
export const LEAD_IDS_MAX = 100

/** What the desk's lists, its export and bulk actions choose leads by. */
export const deskFilters = {
  leadIds: Type.Optional(
    Type.String({
      maxLength: LEAD_IDS_MAX * 40,
      description: `Only these: up to ${LEAD_IDS_MAX} ids, comma-separated`,
    }),
  ),
  tenantId: Type.Optional(Type.String({ maxLength: 100 })),
  licensed: Type.Optional(Type.Boolean({ description: 'false: New Leads; true: Tenants' })),
  license: Type.Optional(
    Type.String({ maxLength: 100, description: 'Comma-separated: none, OC Essential, OC Essentials Plus, OC Pro' }),
  ),
  processing: Type.Optional(Type.String({ maxLength: 100, description: 'Comma-separated: Updating, Success, Failed' })),
  archived: Type.Optional(Type.Enum(['hide', 'only', 'include'], { description: 'Archived leads; hidden by default' })),
  owner: Type.Optional(
    Type.String({
      maxLength: 40,
      description:
        'A personId · me: of whoever asks (an API client owns none) · none: of nobody · left: of nobody, since the owner has left',
    }),
  ),
  overdue: Type.Optional(
    Type.Boolean({ description: 'true: the due date has passed, and nobody has judged the lead' }),
  ),
  ...leadFilters,
  sort,
}

export const listDeskLeads = defineEndpoint({
  operationId: 'listDeskLeads',
  method: 'GET',
  path: '/api/v4/leads',
  tag: 'Leads',
  summary: 'Leads with names, facets and what may be done with each',
  description: 'Cursor paging. `facets=true` adds counts over everything that matches, not only this page.',
  source: 'own',
  permission: 'leads.read',
  query: Type.Object({
    ...deskFilters,
    cursor,
    pageSize: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000, description: 'Default 50' })),
    facets: Type.Optional(Type.Boolean()),
  }),
  responses: {
    200: {
      description: 'One page',
      schema: Type.Object({
        data: Type.Array(deskLead),
        total: Type.Integer(),
        nextCursor: nullable(Type.String()),
        facets: Type.Optional(leadFacets),
      }),
      headers: { ETag: listHeaders.ETag },
    },
    304: { description: 'Nothing changed', schema: null },
  },
})

export const getDeskLead = defineEndpoint({
  operationId: 'getDeskLead',
  method: 'GET',
  path: '/api/v4/leads/{leadId}',
  tag: 'Leads',
  summary: 'One lead with its civic addresses and what may be done with it',
  description:
    'The id is the consent id at Microsoft. `extras` holds what Microsoft sent beyond the documented fields.',
  source: 'own',
  permission: 'leads.read',
  params: Type.Object({ leadId: Type.String({ format: 'uuid' }) }),
  responses: {
    200: {
      description: 'The lead',
      schema: deskLeadDetail,
    },
  },
})

/** Heads of the CSV export, in order. Values as on the Qualify Leads page; countries as codes, dates in UTC. */
export const leadCsvColumns = [
  'Contact Name',
  'Contact Email',
  'Contact Phone',
  'Company Name',
  'Size',
  'Market',
  'Microsoft Status',
  'License Type',
  'Processing',
  'Tenant ID',
  'Consented On',
  'Last Modified',
  'Channel Name',
  'Consentless',
  'Service ID',
  'Lead ID',
  'CRM ID',
  'Order',
  'Billing Account',
  'Owner',
  'Due',
] as const
export type LeadCsvColumn = (typeof leadCsvColumns)[number]

export const exportLeads = defineEndpoint({
  operationId: 'exportLeads',
  method: 'GET',
  path: '/api/v4/leads.csv',
  tag: 'Leads',
  summary: 'Leads as CSV: everything that matches, or one',
  description:
    `UTF-8 with BOM, comma, CRLF; streamed. Columns: ${leadCsvColumns.join(', ')}. ` +
    'Cells that a spreadsheet would take for a formula begin with an apostrophe; line breaks in cells become blanks.',
  source: 'seed 000 (Export to CSV)',
  permission: 'leads.read',
  query: Type.Object({
    ...deskFilters,
    leadId: Type.Optional(Type.String({ format: 'uuid', description: 'Only this lead' })),
  }),
  responses: {
    200: {
      description: 'The file',
      schema: Type.String(),
      contentType: 'text/csv',
      headers: { 'X-Total-Count': 'Leads in the file', 'Content-Disposition': 'attachment with a file name' },
    },
  },
})
