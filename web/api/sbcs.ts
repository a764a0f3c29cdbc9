import type { WireCallingProfile } from '../../contract/calling-profiles.ts'
import type { SbcChange, WireSbc, WireSbcCheck } from '../../contract/sbcs.ts'
import type { WireScriptOrder } from '../../contract/script-orders.ts'
import type { ScriptPurpose, WireScriptPreview, WireScriptTemplate } from '../../contract/script-templates.ts'
import { call, callStream, callWithTag, type Streamed, type Tagged } from './call.ts'

export type { WireCallingProfile } from '../../contract/calling-profiles.ts'
export type { SbcChange, WireChangeWindow, WireSbc, WireSbcCheck, WireSbcTrust } from '../../contract/sbcs.ts'
export type { WireScriptOrder } from '../../contract/script-orders.ts'
export type {
  ScriptPurpose,
  WireScriptPreview,
  WireScriptTemplate,
  WireScriptVariable,
} from '../../contract/script-templates.ts'

/** A device is asked: it answers within 30 seconds or not at all. */
const DEVICE_SECONDS = 60
const sbcs = '/api/v4/sbcs'
const templates = '/api/v4/script-templates'
const orders = '/api/v4/script-orders'

export async function listSbcs(operatorId: number, signal: AbortSignal): Promise<WireSbc[]> {
  return (await call<{ data: WireSbc[] }>('GET', sbcs, { operatorId, signal })).data
}

/** With the tag that the next change names, so that nobody's change is lost. */
export function getSbc(operatorId: number, sbcId: number, signal: AbortSignal): Promise<Tagged<WireSbc>> {
  return callWithTag('GET', `${sbcs}/${sbcId}`, { operatorId, signal })
}

export function createSbc(operatorId: number, sbc: SbcChange & { name: string }): Promise<WireSbc> {
  return call('POST', sbcs, { operatorId, body: sbc })
}

export function updateSbc(
  operatorId: number,
  sbcId: number,
  change: SbcChange,
  ifMatch: string | null,
): Promise<WireSbc> {
  return call('PATCH', `${sbcs}/${sbcId}`, { operatorId, body: change, ifMatch })
}

export function deleteSbc(operatorId: number, sbcId: number): Promise<void> {
  return call('DELETE', `${sbcs}/${sbcId}`, { operatorId })
}

export function checkSbc(operatorId: number, sbcId: number): Promise<WireSbcCheck> {
  return call('POST', `${sbcs}/${sbcId}/check`, { operatorId, timeoutSeconds: DEVICE_SECONDS })
}

export async function listScriptTemplates(operatorId: number, signal: AbortSignal): Promise<WireScriptTemplate[]> {
  return (await call<{ data: WireScriptTemplate[] }>('GET', templates, { operatorId, signal })).data
}

export function getScriptTemplate(
  operatorId: number,
  templateId: number,
  signal: AbortSignal,
): Promise<Tagged<WireScriptTemplate>> {
  return callWithTag('GET', `${templates}/${templateId}`, { operatorId, signal })
}

/** `given` variables need not be declared. */
export type ScriptTemplateBody = {
  name: string
  purpose: ScriptPurpose
  description: string
  make: string
  script: string
  variables: Omit<WireScriptTemplate['variables'][number], 'given'>[]
}

export function createScriptTemplate(operatorId: number, template: ScriptTemplateBody): Promise<WireScriptTemplate> {
  return call('POST', templates, { operatorId, body: template })
}

export function updateScriptTemplate(
  operatorId: number,
  templateId: number,
  { purpose: _purpose, ...change }: ScriptTemplateBody,
  ifMatch: string | null,
): Promise<WireScriptTemplate> {
  return call('PATCH', `${templates}/${templateId}`, { operatorId, body: change, ifMatch })
}

export function deleteScriptTemplate(operatorId: number, templateId: number): Promise<void> {
  return call('DELETE', `${templates}/${templateId}`, { operatorId })
}

export function previewScript(
  operatorId: number,
  templateId: number,
  asked: { variables: Record<string, string>; sbcId?: number },
): Promise<WireScriptPreview> {
  const path = `${templates}/${templateId}/preview`
  return call('POST', path, { operatorId, body: asked, timeoutSeconds: DEVICE_SECONDS })
}

export async function listScriptOrders(operatorId: number, signal: AbortSignal): Promise<WireScriptOrder[]> {
  return (await call<{ data: WireScriptOrder[] }>('GET', orders, { operatorId, signal })).data
}

export function fetchScript(operatorId: number, orderId: string, signal: AbortSignal): Promise<Streamed> {
  return callStream(`${orders}/${encodeURIComponent(orderId)}/script`, { operatorId, signal, accept: 'text/plain' })
}

export function tickOffScriptOrder(
  operatorId: number,
  orderId: string,
  how: { appliedBy?: string; appliedAt?: string; note?: string; unverified?: boolean },
): Promise<WireScriptOrder> {
  const path = `${orders}/${encodeURIComponent(orderId)}/done`
  return call('POST', path, { operatorId, body: how, timeoutSeconds: DEVICE_SECONDS })
}

export function refuseScriptOrder(operatorId: number, orderId: string, reason: string): Promise<WireScriptOrder> {
  return call('POST', `${orders}/${encodeURIComponent(orderId)}/refuse`, { operatorId, body: { reason } })
}

export type CallingProfiles = { data: WireCallingProfile[]; syncedAt: string | null }

export function listCallingProfiles(operatorId: number, signal: AbortSignal): Promise<CallingProfiles> {
  return call('GET', '/api/v4/calling-profiles', { operatorId, signal })
}
