import type { DeskLead, DeskLeadDetail, WireLead } from '../../../contract/leads.ts'
import { mayDelete, relationshipOf } from './direct-lead.rules.ts'
import { companySizeOf, type Permitted } from './lead.rules.ts'
import { remoteIn, remoteOf } from './lead.view.ts'
import { affectedOf } from './lead-affected.rules.ts'
import { mayArchive, mayUnarchive } from './lead-archive.rules.ts'
import { mayAssign, mayRemoveChannel } from './lead-channel.rules.ts'
import { mayDeleteCustomer, mayLicense } from './lead-license.rules.ts'
import type { DeskRow } from './lead-list.store.ts'

/** A lead for the desk: names instead of codes, and what may be done with it. */
export function deskLeadView(row: DeskRow): DeskLead {
  const lead = JSON.parse(row.body) as WireLead
  const remote = remoteIn(lead, row.extras)
  return {
    id: row.lead_id,
    tenantId: row.tenant_id,
    companyName: remote.contactDetails.companyName,
    companySize: companySizeOf(remote.contactDetails.companySize),
    contact: remote.contactDetails,
    contacts: remote.contacts ?? [],
    countries: remote.consentedCountries,
    status: remote.status,
    license: row.license,
    processing: row.processing,
    umpCustomerGuid: row.ump_customer_guid,
    channel: row.channel_id === null ? null : { id: row.channel_id, name: row.channel_name ?? '' },
    isDirectLead: row.is_direct,
    relationship: relationshipOf(remote),
    consentedOn: remote.consentedOn,
    lastModifiedOn: remote.lastModifiedOn,
    firstSeenAt: row.first_seen_at.toISOString(),
    changedAt: row.changed_at.toISOString(),
    missingSince: row.missing_since?.toISOString() ?? null,
    archivedAt: row.status === 'Removed' ? (row.archived_at?.toISOString() ?? null) : null,
    addresses: {
      count: row.address_count,
      askedAt: row.addresses_asked_at?.toISOString() ?? null,
      failure: row.addresses_failure,
    },
    commentCount: row.comment_count,
    owner: row.owned_since && { personId: row.owner_id, name: row.owner_name, since: row.owned_since.toISOString() },
    formerOwner: row.left_name,
    due: row.due_at && {
      at: row.due_at.toISOString(),
      metAt: row.met_at?.toISOString() ?? null,
      overdue: row.overdue,
    },
    affected: affectedIn(row, lead),
    // Each action comes with the issue that makes it work; its rule says whether and why not.
    actions: {
      changeChannelPartner: permitted(mayAssign(remote)),
      removeAttachedChannel: permitted(mayRemoveChannel({ channelId: row.channel_id })),
      archiveLead: permitted(mayArchive({ status: row.status, archived: row.archived_at !== null })),
      unarchiveLead: permitted(mayUnarchive({ status: row.status, archived: row.archived_at !== null })),
      deleteLead: permitted(mayDelete(remote, { umpCustomerGuid: row.ump_customer_guid, processing: row.processing })),
      changeStatus: permitted(
        mayLicense({ status: row.status, umpCustomerGuid: row.ump_customer_guid, processing: row.processing }),
      ),
      deleteCustomer: permitted(
        mayDeleteCustomer({ umpCustomerGuid: row.ump_customer_guid, processing: row.processing }),
      ),
    },
  }
}

/** One lead with its addresses and with everything Microsoft sent beyond the documented fields. */
export function deskLeadDetailView(row: DeskRow): DeskLeadDetail {
  const remote = remoteOf(row.body, row.extras)
  return {
    ...deskLeadView(row),
    references: {
      crmId: row.crm_id ?? null,
      orderId: row.order_id ?? null,
      billingAccount: row.billing_account ?? null,
    },
    civicAddresses: row.civic_addresses == null ? null : JSON.parse(row.civic_addresses),
    tenantOrigin: remote.tenantOrigin,
    operatorId: remote.operatorId,
    extras: remote.extras,
  }
}

/** What is hit by the customer's last change, unless the lead was put away. */
function affectedIn(row: DeskRow, lead: WireLead): DeskLead['affected'] {
  if (row.archived_at !== null && row.status === 'Removed') return null
  return affectedOf({
    status: lead.status,
    isDirectLead: row.is_direct,
    countries: lead.consentedCountries,
    license: row.license,
    umpCustomerGuid: row.ump_customer_guid,
    channelName: row.channel_name,
    civicAddresses: lead.civicAddresses,
  })
}

function permitted(verdict: Permitted): { allowed: boolean; reason?: string } {
  return verdict.ok ? { allowed: true } : { allowed: false, reason: verdict.reason }
}
