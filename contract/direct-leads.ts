import Type from 'typebox'
import { defineEndpoint } from './endpoint.ts'
import { exampleLeads } from './leads.example.ts'
import { deskLeadDetail, lead } from './leads.ts'
import { documentedRefusal, problem } from './problem.ts'

/** Longest customer name a lead is made with. */
export const COMPANY_NAME_MAX = 256

const tenantId = Type.String({
  maxLength: 100,
  description: "The customer's Entra tenant: a GUID, in any letter case; braces and blanks around it do not count",
})
const companyName = Type.String({
  maxLength: 10_000,
  description: `The customer's name, 1 to ${COMPANY_NAME_MAX} characters; becomes the lead's company name`,
})
const conflict = { schema: problem, contentType: 'application/problem+json' }
const REFUSED_WORD = 'Invalild lead'

export const createConsentlessLead = defineEndpoint({
  operationId: 'createConsentlessLead',
  callsOutside: true,
  method: 'POST',
  path: '/api/v2/oc/lead',
  tag: 'Leads (documented)',
  summary: 'Create Consentless Lead',
  description:
    'A lead that begins with the carrier, not with the customer: made at Microsoft at once, Active at once, without size, market ' +
    'and contacts (`isDirectLead: true`). A channel-bound caller makes it for its own channel. 400 keyed by field in `errors` as ' +
    'documented, for a tenant id that is none, a tenant that has a lead, and a company name in use; 404 with the bare string ' +
    `\`"${REFUSED_WORD}"\` (sic) when Microsoft refuses the tenant. When Microsoft does not answer in time: 503; if it made the ` +
    'lead all the same, the next sync of leads brings it, in the right channel.',
  source: 'rest-api.md L3; microsoft.md A.4',
  permission: 'leads.write',
  documented: true,
  body: Type.Object({ tenantId, companyName }),
  bodyExample: { tenantId: '7d0c3f54-6f0f-4a51-8c0a-1f6f0a6f7a10', companyName: 'Riverside Bakery' },
  responses: {
    200: { description: 'The new lead', schema: lead, example: exampleLeads[0] },
    400: documentedRefusal,
    404: {
      description: 'Microsoft refuses the tenant; or something is not found',
      schema: Type.Union([Type.String(), problem]),
      contentType: 'application/json',
      example: REFUSED_WORD,
    },
  },
})

export const deleteConsentlessLead = defineEndpoint({
  operationId: 'deleteConsentlessLead',
  callsOutside: true,
  method: 'DELETE',
  path: '/api/v2/oc/lead',
  tag: 'Leads (documented)',
  summary: 'Delete Consentless Lead',
  description:
    'The direct lead of a tenant, at Microsoft and here. 400 with the text `Invalid lead` for a lead the customer consented to ' +
    '(only the customer can withdraw it, in Teams admin center) and for one with a service; 404 with the bare string ' +
    `\`"${REFUSED_WORD}"\` (sic) when the tenant has none. A consented lead of the same tenant stays.`,
  source: 'rest-api.md L4, X42',
  permission: 'leads.write',
  documented: true,
  lenientQueryNames: true,
  query: Type.Object({ msTenantID: tenantId }),
  responses: {
    200: { description: 'Deleted', schema: Type.Literal(1), example: 1 },
    400: {
      description: 'Not a lead that can be deleted; or a tenant id that is none',
      schema: Type.Unknown(),
      contentType: 'text/plain',
      example: 'Invalid lead',
    },
    404: {
      description: 'The tenant has no lead',
      schema: Type.Union([Type.String(), problem]),
      contentType: 'application/json',
      example: REFUSED_WORD,
    },
  },
})

const shown = {
  description: 'The lead',
  schema: deskLeadDetail,
  headers: { ETag: 'Changes with every change of the lead: send it as If-Match with the next one' },
}
const params = Type.Object({ leadId: Type.String({ format: 'uuid' }) })

export const createLead = defineEndpoint({
  operationId: 'createLead',
  callsOutside: true,
  method: 'POST',
  path: '/api/v4/leads',
  tag: 'Leads',
  summary: 'New Lead: a consentless lead, by tenant id',
  description:
    'As `POST /api/v2/oc/lead`. A company name that another lead has is 409 `company-name-in-use`, and passed with ' +
    '`acceptNameInUse`; where the operator refuses such names (see its settings), 409 `company-name-refused`. 409 `lead-exists` names the lead that the tenant has. 404 `tenant-refused` when Microsoft refuses it.',
  source: 'seed 000 (New Lead); own',
  permission: 'leads.write',
  body: Type.Object({
    tenantId,
    companyName,
    acceptNameInUse: Type.Optional(Type.Boolean({ description: 'Make it although another lead has this name' })),
  }),
  bodyExample: { tenantId: '7d0c3f54-6f0f-4a51-8c0a-1f6f0a6f7a10', companyName: 'Riverside Bakery' },
  responses: {
    201: shown,
    409: { ...conflict, description: 'The tenant has a lead, or another lead has the name; `code` says which' },
  },
})

export const deleteLead = defineEndpoint({
  operationId: 'deleteLead',
  callsOutside: true,
  method: 'DELETE',
  path: '/api/v4/leads/{leadId}',
  tag: 'Leads',
  summary: 'Delete (Consentless) Lead',
  description:
    'At Microsoft and here, for good; its history stays in the journal. 409 `lead-not-deletable` for a lead the customer consented ' +
    'to, and for one with a service.',
  source: 'seed 000 (Delete Lead); own',
  permission: 'leads.write',
  params,
  responses: {
    204: { description: 'Deleted', schema: null },
    409: { ...conflict, description: 'The customer consented to it, or it has a service' },
  },
})

export const relationshipStatuses = [
  'ConsentAcknowledged',
  'CustomerContacted',
  'AgreementSigned',
  'ConsentDeclined',
  'ContractTerminated',
] as const

export const setLeadRelationship = defineEndpoint({
  operationId: 'setLeadRelationship',
  callsOutside: true,
  method: 'PUT',
  path: '/api/v4/leads/{leadId}/relationship',
  tag: 'Leads',
  summary: 'Set the relationship with the customer, at Microsoft and here',
  description:
    "The operator's side of the relation (Microsoft's CustomerRelationship). `ConsentDeclined` and `ContractTerminated` need a " +
    'comment as reason. When it was changed at Microsoft since it was last synced, nothing is written: 409 ' +
    '`relationship-changed` tells the present state, which is stored; ask again to write over it. So is a change while ' +
    'somebody else here waits for the answer to his (with `Retry-After`): both name him, to his own channel and to the operator.',
  source: 'microsoft.md A.4; own',
  permission: 'leads.write',
  params,
  body: Type.Object({
    status: Type.Enum([...relationshipStatuses]),
    comment: Type.Optional(Type.String({ maxLength: 1_000, description: 'The reason, where one is needed' })),
  }),
  bodyExample: { status: 'CustomerContacted', comment: 'Called on Monday' },
  responses: {
    200: shown,
    409: {
      ...conflict,
      description: 'It was changed at Microsoft, or Microsoft keeps it on another lead of the tenant',
    },
    412: { ...conflict, description: 'Somebody changed the lead since the ETag sent as If-Match' },
  },
})

export const findTenant = defineEndpoint({
  operationId: 'findTenant',
  method: 'GET',
  path: '/api/v4/tenants',
  tag: 'Leads',
  summary: "A customer's tenant by its domain",
  description:
    "Asked of Entra's public sign-in metadata, so any domain of any tenant is found, customer or not. 404 when no tenant has the " +
    'domain. Show domain and id to whoever asked before a lead is made of it.',
  source: 'issue 5, 2; own',
  permission: 'leads.write',
  query: Type.Object({ domain: Type.String({ maxLength: 300, description: 'Such as contoso.com' }) }),
  responses: {
    200: {
      description: 'The tenant',
      schema: Type.Object({ domain: Type.String(), tenantId: Type.String({ format: 'uuid' }) }, { $id: 'FoundTenant' }),
      example: { domain: 'contoso.com', tenantId: '7d0c3f54-6f0f-4a51-8c0a-1f6f0a6f7a10' },
    },
  },
})
