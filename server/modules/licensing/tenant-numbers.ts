import type { OperatorPrincipal } from '../../kernel/principal.ts'

/**
 * Phone numbers of a tenant at Microsoft, as this module sees them. Null: Microsoft has no list of them for this tenant. Throws
 * an AppError with status 503 when Microsoft fails.
 */
export type TenantNumbers = {
  count(principal: OperatorPrincipal, tenantId: string, signal: AbortSignal): Promise<number | null>
}

export function heldAtMicrosoft(count: number): string {
  if (count === 0) return 'Microsoft holds no numbers of the tenant.'
  return `Microsoft holds ${count.toLocaleString('en')} ${count === 1 ? 'number' : 'numbers'} of the tenant.`
}

/** Why a customer cannot be taken down while it has numbers. Source: issue 7, 4; domain/microsoft.md A.4. */
export function releaseFirst(count: number): string {
  return `${heldAtMicrosoft(count)} Release them first.`
}
