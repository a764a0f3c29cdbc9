import type { Logger } from 'pino'
import { type CallReport, createOperatorConnectClient, type OperatorConnectClient } from '../../microsoft/index.ts'
import type { ConnectionService } from '../operators/index.ts'

/** One client for each operator's connection, kept as long as the connection stays the same. */
export type MicrosoftClients = {
  /** Null when the operator has no connection to Microsoft yet. */
  forOperator(operatorId: number): Promise<OperatorConnectClient | null>
  close(): Promise<void>
}

export function createMicrosoftClients(options: {
  connections: ConnectionService
  logger: Logger
  onCall: (operatorId: number, report: CallReport) => void
}): MicrosoftClients {
  const kept = new Map<number, { version: number; client: OperatorConnectClient }>()
  return {
    async forOperator(operatorId) {
      const connection = await options.connections.openSettings(operatorId)
      const known = kept.get(operatorId)
      if (known && known.version === connection?.version) return known.client
      // Whoever still uses the old client gets an error at its next call, and tries again with the new one.
      if (known) void known.client.close()
      kept.delete(operatorId)
      if (!connection) return null
      const client = createOperatorConnectClient(connection.settings, {
        logger: options.logger.child({ operatorId }),
        onCall: (report) => options.onCall(operatorId, report),
      })
      kept.set(operatorId, { version: connection.version, client })
      return client
    },
    async close() {
      await Promise.all([...kept.values()].map(({ client }) => client.close()))
      kept.clear()
    },
  }
}
