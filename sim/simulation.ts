import type { FaultBook } from './faults.ts'
import type { Mailbox } from './mailbox.ts'
import type { RequestLog } from './request-log.ts'
import type { Sbcs } from './sbc/sbcs.ts'
import type { TokenSigner } from './token-signer.ts'
import type { WebhookReceivers } from './webhook-receivers.ts'
import type { World } from './world.ts'

/** All parts of a running simulator. */
export interface Simulation {
  world: World
  signer: TokenSigner
  faults: FaultBook
  log: RequestLog
  mailbox: Mailbox
  receivers: WebhookReceivers
  sbcs: Sbcs
  /** Path before `/operator-consents`, '/api' unless configured. */
  basePath: string
  /** Scheme and host that token issuers carry. */
  publicUrl: string
}
