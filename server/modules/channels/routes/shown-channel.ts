import type { Principal } from '../../../kernel/principal.ts'
import type { Answer } from '../../../platform/http/index.ts'
import { tagOf } from '../channel.rules.ts'
import type { SeenChannelDetail } from '../channel.service.ts'
import { viewChannelDetail, viewCustomerDetail } from '../channel.view.ts'
import type { SeenCustomer } from '../lc-customer.service.ts'

/** A channel with the tag that the next change of it may name. */
export function shownChannel(seen: SeenChannelDetail, principal: Principal): Answer {
  const { channelId, version } = seen.channel
  return { etag: tagOf('channel', channelId, version), json: viewChannelDetail(seen, principal) }
}

/** A customer with the tag that the next change of it may name. */
export function shownCustomer(seen: SeenCustomer, principal: Principal): Answer {
  const { customerId, version } = seen.customer
  return { etag: tagOf('customer', customerId, version), json: viewCustomerDetail(seen, principal) }
}
