import type { ShortNameFlaw, WireLicenseAsked, WireLicensePool, WireLicensePreview } from '../../contract/licenses.ts'
import { call, callStream, type Streamed } from './call.ts'
import type { WireTask } from './tasks.ts'

export type {
  WireAdvancedSettings,
  WireLicenseAsked,
  WireLicensePool,
  WireLicensePreview,
} from '../../contract/licenses.ts'

export type ShortNameVerdict = {
  ok: boolean
  flaws: { code: ShortNameFlaw; detail: string }[]
  /** Free at this moment; null: none could be made. */
  proposal: string | null
}

export function checkShortName(
  operatorId: number,
  query: { name?: string; companyName?: string },
  signal: AbortSignal,
): Promise<ShortNameVerdict> {
  return call('GET', '/api/v4/short-names', { operatorId, query, signal })
}

const path = (leadId: string) => `/api/v4/leads/${encodeURIComponent(leadId)}/license`

/** An SBC may be asked on the way: that takes its time. */
const PREFLIGHT_SECONDS = 60

export function previewLicense(
  operatorId: number,
  leadId: string,
  asked: WireLicenseAsked & { preflight?: boolean },
): Promise<WireLicensePreview> {
  return call('POST', `${path(leadId)}/preview`, { operatorId, body: asked, timeoutSeconds: PREFLIGHT_SECONDS })
}

export function applyLicense(operatorId: number, leadId: string, asked: WireLicenseAsked): Promise<WireTask> {
  return call('POST', path(leadId), { operatorId, body: asked })
}

const pools = '/api/v4/license-pools'

export async function listLicensePools(operatorId: number, signal: AbortSignal): Promise<WireLicensePool[]> {
  return (await call<{ data: WireLicensePool[] }>('GET', pools, { operatorId, signal })).data
}

/** `channelId` 0: the whole operator. `size` null: without limit. */
export function setLicensePool(
  operatorId: number,
  { kind, channelId }: { kind: WireLicensePool['kind']; channelId: number },
  limits: Pick<WireLicensePool, 'size' | 'warningPercent' | 'gracePercent'>,
): Promise<WireLicensePool> {
  return call('PUT', `${pools}/${kind}/${channelId}`, { operatorId, body: limits })
}

export type LicenseUsageDay = { day: string; license: string; services: number; licensedUsers: number }

export async function getLicenseUsage(
  operatorId: number,
  from: string,
  signal: AbortSignal,
): Promise<LicenseUsageDay[]> {
  const query = { from }
  return (await call<{ data: LicenseUsageDay[] }>('GET', '/api/v4/license-usage', { operatorId, query, signal })).data
}

export function exportLicenseUsage(operatorId: number, signal: AbortSignal): Promise<Streamed> {
  return callStream('/api/v4/license-usage.csv', { operatorId, signal, accept: 'text/csv' })
}
