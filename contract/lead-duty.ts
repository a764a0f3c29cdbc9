import Type from 'typebox'
import { defineEndpoint } from './endpoint.ts'
import { dueChoice, ownerChoice, ownerRefusals, ownerParams as params } from './lead-owner.ts'
import { deskLeadDetail } from './leads.ts'

const own = { tag: 'Leads', source: 'issue 6, 6; own', permission: 'leads.write', params } as const
const shown = {
  description: 'The lead',
  schema: deskLeadDetail,
  headers: { ETag: 'Changes with every change of the lead: send it as If-Match with the next one' },
}

export const setLeadOwner = defineEndpoint({
  ...own,
  operationId: 'setLeadOwner',
  method: 'PUT',
  path: '/api/v4/leads/{leadId}/owner',
  summary: 'Say who sees to a lead',
  description:
    'Somebody of the operator, or of the channel that has the lead. He is told by mail, unless he does it himself. Setting ' +
    'the same again changes nothing. A lead that moves to a channel whose leads its owner cannot see has none from then on, ' +
    'and so has every lead of somebody who leaves.',
  body: Type.Object({ ownerId: ownerChoice }),
  bodyExample: { ownerId: 'me' },
  responses: { 200: shown, ...ownerRefusals },
})

export const setLeadDue = defineEndpoint({
  ...own,
  operationId: 'setLeadDue',
  method: 'PUT',
  path: '/api/v4/leads/{leadId}/due',
  summary: 'Say until when a lead is to be judged',
  description:
    'A due date is met by the first judgement after it was set: the relationship goes beyond ConsentAcknowledged, the lead is ' +
    'given to a channel, licensed or archived, or Microsoft removes it. Until then it is overdue when the time has passed, ' +
    'which `lead.overdue` tells once. Setting another date, or the same one again once it was met, asks anew.',
  body: Type.Object({ dueAt: dueChoice }),
  bodyExample: { dueAt: '2026-12-01T09:00:00Z' },
  responses: { 200: shown, 412: ownerRefusals[412] },
})
