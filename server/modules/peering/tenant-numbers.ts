import type { OperatorPrincipal } from '../../kernel/principal.ts'
import { clientOf, INTERACTIVE, telling } from './asking-microsoft.ts'
import type { MicrosoftClients } from './microsoft-clients.ts'

/**
 * Phone numbers of a tenant at Microsoft, for whoever takes a customer down. Null: Microsoft has no list of them for this
 * tenant. Throws an AppError with status 503 when Microsoft fails, or the operator is not connected to it.
 */
export function createTenantNumbers(clients: MicrosoftClients) {
  return {
    async count(principal: OperatorPrincipal, tenantId: string, signal: AbortSignal): Promise<number | null> {
      const client = await clientOf(clients, principal)
      return telling(() => client.acquiredNumberCount(tenantId, { signal, retry: INTERACTIVE }))
    },
  }
}
