import type { IncomingHttpHeaders } from 'node:http'
import type { Principal } from '../../kernel/principal.ts'

/** What a request shows of who sent it. */
export type Credentials = {
  method: string
  path: string
  headers: IncomingHttpHeaders
  sourceIp: string
  requestId: string
}

/** Says who sent a request, or throws: 401 nobody we know, 403 somebody who may not be here. */
export type Authenticate = (credentials: Credentials) => Promise<Principal>
