import type { ControlCall } from './control-call.ts'
import { changeCallingProfile, listCallingProfiles, removeCallingProfile } from './control-calling-profiles.ts'
import { findConsents } from './control-consent-view.ts'
import {
  changeConsent,
  changeStatus,
  createDirectLead,
  giveConsent,
  purgeConsent,
  restoreConsent,
  showConsent,
  touchConsents,
} from './control-consents.ts'
import { changeMailbox, clearMails, listMails } from './control-mailbox.ts'
import { changeReceiver, forgetReceiver, listReceivers, showReceiver } from './control-receivers.ts'
import { changeSbc, editSbc, forgetSbcCalls, listSbcs, resetSbc, restartSbc, showSbc } from './control-sbcs.ts'
import { addAddress, addNumbers, findTenants, releaseNumber, removeAddress, showTenant } from './control-tenants.ts'
import {
  addFault,
  changeOperator,
  clearFaults,
  clearRequests,
  listFaults,
  listOperators,
  makeToken,
  reset,
  showRequests,
  warmUp,
} from './control-trouble.ts'
import { type Exchange, jsonReply, type Reply } from './http-exchange.ts'
import type { Simulation } from './simulation.ts'

type Handler = (call: ControlCall) => { status: number; body: unknown } | Promise<{ status: number; body: unknown }>

/** Every control call; `*` stands for one id. */
export const CONTROL_ROUTES: readonly (readonly [method: string, path: string, handler: Handler])[] = [
  ['GET', '/control/operators', listOperators],
  ['PATCH', '/control/operators/*', changeOperator],
  ['GET', '/control/consents', findConsents],
  ['POST', '/control/consents', giveConsent],
  ['GET', '/control/consents/*', showConsent],
  ['PATCH', '/control/consents/*', changeConsent],
  ['POST', '/control/consents/*/suspend', changeStatus('suspend')],
  ['POST', '/control/consents/*/resume', changeStatus('resume')],
  ['POST', '/control/consents/*/activate', changeStatus('activate')],
  ['POST', '/control/consents/*/remove', changeStatus('remove')],
  ['POST', '/control/consents/*/purge', purgeConsent],
  ['POST', '/control/consents/*/restore', restoreConsent],
  ['POST', '/control/direct-leads', createDirectLead],
  ['POST', '/control/touch', touchConsents],
  ['GET', '/control/tenants', findTenants],
  ['GET', '/control/tenants/*', showTenant],
  ['POST', '/control/tenants/*/civic-addresses', addAddress],
  ['DELETE', '/control/tenants/*/civic-addresses/*', removeAddress],
  ['POST', '/control/tenants/*/numbers', addNumbers],
  ['DELETE', '/control/tenants/*/numbers/*', releaseNumber],
  ['GET', '/control/faults', listFaults],
  ['POST', '/control/faults', addFault],
  ['DELETE', '/control/faults', clearFaults],
  ['DELETE', '/control/faults/*', clearFaults],
  ['GET', '/control/requests', showRequests],
  ['DELETE', '/control/requests', clearRequests],
  ['GET', '/control/receivers', listReceivers],
  ['GET', '/control/receivers/*', showReceiver],
  ['PATCH', '/control/receivers/*', changeReceiver],
  ['DELETE', '/control/receivers/*', forgetReceiver],
  ['GET', '/control/mailbox', listMails],
  ['PATCH', '/control/mailbox', changeMailbox],
  ['DELETE', '/control/mailbox', clearMails],
  ['GET', '/control/calling-profiles', listCallingProfiles],
  ['PATCH', '/control/calling-profiles/*', changeCallingProfile],
  ['DELETE', '/control/calling-profiles/*', removeCallingProfile],
  ['GET', '/control/sbcs', listSbcs],
  ['GET', '/control/sbcs/*', showSbc],
  ['PATCH', '/control/sbcs/*', changeSbc],
  ['POST', '/control/sbcs/*/restart', restartSbc],
  ['POST', '/control/sbcs/*/edit', editSbc],
  ['POST', '/control/sbcs/*/reset', resetSbc],
  ['DELETE', '/control/sbcs/*/calls', forgetSbcCalls],
  ['POST', '/control/tokens', makeToken],
  ['POST', '/control/warm-up', warmUp],
  ['POST', '/control/reset', reset],
]

const COMPILED = CONTROL_ROUTES.map(([method, path, handler]) => ({
  method,
  pattern: new RegExp(`^${path.replaceAll('*', '([^/]+)')}$`),
  handler,
}))

/** The reply for a path under /control, or undefined for any other path. */
export async function answerControl(simulation: Simulation, exchange: Exchange): Promise<Reply | undefined> {
  const { pathname, searchParams } = exchange.url
  if (pathname !== '/control' && !pathname.startsWith('/control/')) return undefined
  if (isForeignWrite(exchange)) {
    return jsonReply(403, { error: { code: 'cross-site', message: 'A page of another site may not act here.' } })
  }
  simulation.world.settleActivations(Date.now())
  const matching = COMPILED.filter(({ pattern }) => pattern.test(pathname))
  const route = matching.find(({ method }) => method === exchange.method)
  if (route === undefined) {
    const routes = CONTROL_ROUTES.map(([method, path]) => `${method} ${path}`)
    if (pathname === '/control' && exchange.method === 'GET') return jsonReply(200, { routes })
    const status = matching.length > 0 ? 405 : 404
    return jsonReply(status, { error: { code: 'unknown-control-call', message: 'See routes.' }, routes })
  }
  const [, subject = '', detail = ''] = route.pattern.exec(pathname) ?? []
  const { status, body } = await route.handler({ simulation, exchange, query: searchParams, subject, detail })
  return jsonReply(status, body)
}

/** A browser says where a request comes from; a page that a person merely visits must not play with the sandbox. */
function isForeignWrite({ method, request }: Exchange): boolean {
  const site = request.headers['sec-fetch-site']
  return method !== 'GET' && site !== undefined && site !== 'same-origin' && site !== 'none'
}
