import { randomBytes, randomUUID } from 'node:crypto'
import { allPermissions } from '../../contract/permissions.ts'
import { jobPrincipal } from '../../server/kernel/principal.ts'
import { journal } from '../../server/modules/audit/index.ts'
import { leadIntake, setLocalFacts } from '../../server/modules/leads/index.ts'
import type { Tx } from '../../server/platform/db/transaction.ts'
import type { Leadline } from '../harness/leadline.ts'
import { type Objects, shortNameOf } from '../sample-requests.ts'
import { addUnnamedRows } from './unnamed-rows.ts'

/** An operator, or a channel of one: whose data it is. Its marker is in every text of it, and in none of anybody else's. */
export type Place = { name: string; operatorId: number; channelId: number | null; marker: string }

const place = (name: string, operatorId: number, channelId: number | null): Place => ({
  name,
  operatorId,
  channelId,
  marker: `zq${name}zq`,
})

/** Two operators, each with a channel of the same number, and a second channel of the first. */
export const places = {
  northwind: place('northwind', 868, null),
  riverside: place('riverside', 868, 907),
  lakeside: place('lakeside', 868, 908),
  fabrikam: place('fabrikam', 869, null),
  harbour: place('harbour', 869, 907),
} as const
export type PlaceName = keyof typeof places
export const allPlaces = Object.values(places)

/** Whether who works for `caller` may see what belongs to `other`. The whole rule of scope, in one line. */
export function sees(caller: Pick<Place, 'operatorId' | 'channelId'>, other: Place): boolean {
  return caller.operatorId === other.operatorId && (caller.channelId === null || caller.channelId === other.channelId)
}

/** Leads of each place. */
export const LEADS_PER_PLACE = 3

/** Puts data with its marker into every place, in every table that tenants share. A new table joins here. */
export async function fillPlaces(leadline: Leadline): Promise<void> {
  const { asOwner } = leadline.db
  await asOwner.query(`
    insert into channel (operator_id, channel_id, name)
    values (868, 908, 'Lakeside ${places.lakeside.marker}'), (869, 907, 'Harbour ${places.harbour.marker}')
    on conflict do nothing`)
  await asOwner.query(
    `update channel set name = 'Riverside ${places.riverside.marker}' where channel_id = 907 and operator_id = 868`,
  )
  await asOwner.query(
    'update mail_settings set channels_may_send = true, customers_per_minute = 1000, customers_per_day = 100000',
  )
  await asOwner.query(`update operator set name = 'Fabrikam ${places.fabrikam.marker}' where operator_id = 869`)
  await asOwner.query(`update connection set ms_operator_id = 'zq' || operator_id || 'zq'`)
  await asOwner.query(`update connection set ms_operator_id = $1 where operator_id = 869`, [places.fabrikam.marker])
  for (const of of allPlaces) {
    await addLead(leadline, of)
    await addUnnamedRows(leadline, of)
  }
}

type Makers = { [K in keyof Objects]: (leadline: Leadline, of: Place) => Promise<Partial<Objects>> }

/** How an object of each kind is made, in the name of a place. A new kind joins here. */
const makers: Makers = {
  leadId: addLead,
  tenantId: addLead,
  sbcId: addSbc,
  scriptTemplateId: addSbc,
  scriptOrderId: addSbc,
  callingProfileId: async (...where) => ({ callingProfileId: await addCallingProfile(...where) }),
  serviceId: addService,
  connectionId: addService,
  clientId: async (...where) => ({ clientId: await addClient(...where) }),
  runId: async (...where) => ({ runId: await addRun(...where) }),
  operatorId: async (_leadline, { operatorId }) => ({ operatorId }),
  personId: async (...where) => ({ personId: await addPerson(...where) }),
  invitationId: async (...where) => ({ invitationId: await addInvitation(...where) }),
  channelId: async (...where) => ({ channelId: await addChannel(...where) }),
  taskId: async (...where) => ({ taskId: await addTask(...where) }),
  webhookId: addWebhook,
  webhookEventId: addWebhook,
  mailId: async (...where) => ({ mailId: await addMail(...where) }),
  ruleId: async (...where) => ({ ruleId: await addRule(...where) }),
  leadMailId: addLeadMail,
  templateId: async (...where) => ({ templateId: await addTemplate(...where) }),
  viewId: async (...where) => ({ viewId: await addView(...where) }),
  noticeId: async (...where) => ({ noticeId: await addNotice(...where) }),
  customerId: async (...where) => ({ customerId: await addCustomer(...where) }),
}

/** Objects of a place, one of each kind. */
export async function makeObjects(leadline: Leadline, of: Place): Promise<Objects> {
  const made: Partial<Objects> = {}
  for (const kind of Object.keys(makers) as (keyof Objects)[]) {
    if (made[kind] === undefined) Object.assign(made, await makers[kind](leadline, of))
  }
  return made as Objects
}

/** The same objects with new ones in place of those that a request names: it may change or lose them. */
export async function withNew(
  leadline: Leadline,
  of: Place,
  objects: Objects,
  names: (objects: Objects) => unknown,
): Promise<Objects> {
  const named = new Set<keyof Objects>()
  names(
    new Proxy(objects, {
      get(target, kind) {
        named.add(kind as keyof Objects)
        return target[kind as keyof Objects]
      },
    }),
  )
  if (named.has('serviceId') || named.has('connectionId'))
    for (const kind of ['leadId', 'tenantId'] as const) named.delete(kind)
  if (named.has('serviceId')) named.delete('connectionId')
  if (named.has('leadId')) named.delete('tenantId')
  const made = { ...objects }
  for (const kind of named) Object.assign(made, await makers[kind](leadline, of))
  return made
}

/** Objects that never were. */
export function missingObjects(): Objects {
  return {
    leadId: randomUUID(),
    tenantId: randomUUID(),
    clientId: 'no-such-client',
    runId: randomUUID(),
    operatorId: 4_242,
    personId: randomUUID(),
    invitationId: randomUUID(),
    taskId: `wst_${randomUUID()}`,
    webhookId: randomUUID(),
    webhookEventId: randomUUID(),
    mailId: randomUUID(),
    ruleId: randomUUID(),
    leadMailId: randomUUID(),
    templateId: randomUUID(),
    viewId: randomUUID(),
    noticeId: randomUUID(),
    sbcId: 7_777_703,
    scriptTemplateId: 7_777_704,
    scriptOrderId: randomUUID(),
    callingProfileId: randomUUID(),
    serviceId: randomUUID(),
    connectionId: randomUUID(),
    channelId: 7_777_701,
    customerId: 7_777_702,
  }
}

/** Work in the name of the operator of a place, as a job does it. */
export function atPlace<T>({ db }: Leadline, of: Place, work: (tx: Tx) => Promise<T>): Promise<T> {
  return db.transact(jobPrincipal(`seed ${of.name}`, of.operatorId, `seed-${of.marker}`), work)
}

async function addLead(leadline: Leadline, of: Place): Promise<Pick<Objects, 'leadId' | 'tenantId'>> {
  const leadId = randomUUID()
  const tenantId = randomUUID()
  const { marker } = of
  const contact = {
    fullName: `Contact ${marker}`,
    email: `contact@${marker}.example`,
    phoneNumber: '+4930901820',
    companyName: `Company ${marker}`,
    companySize: 'L250_U999',
  }
  const remote = {
    ...{ id: leadId, tenantId, tenantOrigin: null, operatorId: randomUUID(), status: 'Active', isDirectLead: false },
    ...{ consentedOn: '2026-01-02T03:04:05.1234567Z', lastModifiedOn: '2026-01-03T03:04:05.1234567Z' },
    ...{ consentedCountries: ['DE'], contactDetails: contact, contacts: [contact], extras: { note: marker } },
  }
  await atPlace(leadline, of, async (tx) => {
    const hash = randomBytes(20).toString('hex')
    await leadIntake.apply(tx, [{ remote, hash }], { baseline: false, source: 'test' })
    const at = '2026-01-04T03:04:05.000Z'
    const comment = { id: randomUUID(), author: `Author ${marker}`, at, text: marker, by: 'job/seed', editedAt: null }
    await setLocalFacts(tx, leadId, 'lead.seeded', { channelId: of.channelId, comments: [comment] })
  })
  await leadline.db.asOwner.query(
    `insert into lead_reference (operator_id, lead_id, arrival, channel_id, crm_id, search)
     select operator_id, lead_id, arrival, channel_id, $1, $1 from lead where lead_id = $2`,
    [marker, leadId],
  )
  await leadline.db.asOwner.query(
    `insert into lead_duty (operator_id, lead_id, arrival, channel_id, owner_id, owner_name, owner_channel_id, owned_since, due_at)
     select operator_id, lead_id, arrival, channel_id, $3, $1, channel_id, now(), '2020-01-01' from lead where lead_id = $2`,
    [`Owner ${marker}`, leadId, randomUUID()],
  )
  // What Microsoft answers to the operator tells of the operator.
  await leadline.db.asOwner.query(
    `update lead set addresses_failure = $1, addresses_failed_at = now() where lead_id = $2`,
    [`No token of ${operatorOf(of).marker}`, leadId],
  )
  return { leadId, tenantId }
}

let numbers = 50_000

/** A channel of an operator is a new one; one of a channel is the channel itself. */
async function addChannel({ db }: Leadline, of: Place): Promise<number> {
  if (of.channelId !== null) return of.channelId
  const channelId = numbers++
  await db.asOwner.query(`insert into channel (operator_id, channel_id, name) values ($1, $2, $3)`, [
    of.operatorId,
    channelId,
    `Channel ${channelId} ${of.marker}`,
  ])
  return channelId
}

async function addCustomer({ db }: Leadline, of: Place): Promise<number> {
  const customerId = numbers++
  await db.asOwner.query(
    `insert into lc_customer (operator_id, customer_id, channel_id, name, name_folded) values ($1, $2, $3, $4, $4)`,
    [of.operatorId, customerId, of.channelId, `customer ${customerId} ${of.marker}`],
  )
  return customerId
}

async function addTask({ db }: Leadline, of: Place): Promise<string> {
  const taskId = randomUUID()
  const wireId = `wst_${taskId}`
  await db.asOwner.query(
    `insert into task (operator_id, channel_id, task_id, wire_id, kind, title, input, state, actor_kind, actor_id, actor_name,
       request_id)
     values ($1, $2, $3, $4, 'test.seed', $5, '{}', 'succeeded', 'job', $5, $5, $5)`,
    [of.operatorId, of.channelId, taskId, wireId, of.marker],
  )
  return wireId
}

/** With a delivery and what came of it. */
async function addWebhook(leadline: Leadline, of: Place): Promise<Pick<Objects, 'webhookId' | 'webhookEventId'>> {
  const { context, outside, db } = leadline
  const { operatorId, channelId, marker } = of
  const principal = {
    ...jobPrincipal(`seed ${marker}`, operatorId, `seed-${marker}`),
    ...{ channelId, permissions: new Set(allPermissions) },
  }
  const { webhook } = await context.webhooks.create(principal, {
    name: `Webhook ${marker}`,
    url: `${outside.simulator.url}/${marker}`,
    events: ['webhook.paused'],
    header: { name: `X-${marker}`, value: marker },
  })
  const webhookEventId = randomUUID()
  await db.asOwner.query(
    `insert into webhook_event (operator_id, event_id, channel_id, position, name, key, payload, at)
     values ($1, $2, $3, 0, 'lead.deleted', $4::text, json_build_object('note', $4::text), now())`,
    [operatorId, webhookEventId, channelId, marker],
  )
  await db.asOwner.query(
    `insert into webhook_delivery (operator_id, webhook_id, event_id, channel_id, position, name, key, state, attempts, due_at,
       last_error, event_at, finished_at)
     values ($1, $2, $3, $4, 0, 'lead.deleted', $5, 'dead', 1, now(), $5, now(), now())`,
    [operatorId, webhook.webhookId, webhookEventId, channelId, marker],
  )
  await db.asOwner.query(
    `insert into webhook_attempt (operator_id, attempt_id, webhook_id, event_id, channel_id, at, duration_ms, outcome, error, request)
     values ($1, $2, $3, $4, $5, now(), 1, 'connection-failed', $6::text, json_build_object('url', $6::text, 'headers', '{}'::json))`,
    [operatorId, randomUUID(), webhook.webhookId, webhookEventId, channelId, marker],
  )
  return { webhookId: webhook.webhookId, webhookEventId }
}

/** Rules are the operator's; on, but for companies that nobody has. */
async function addRule({ db }: Leadline, of: Place): Promise<string> {
  const ruleId = randomUUID()
  const { operatorId, marker } = operatorOf(of)
  await db.asOwner.query(
    `insert into lead_rule (operator_id, rule_id, place, name, enabled, conditions, created_at, changed_at)
     values ($1, $2, 1, $3, true, json_build_object('nameContains', $3::text), now(), now())`,
    [operatorId, ruleId, marker],
  )
  await db.asOwner.query(
    `insert into lead_rule_person (operator_id, rule_id, person_id, place, name) values ($1, $2, $3, 1, $4)`,
    [operatorId, ruleId, randomUUID(), marker],
  )
  await db.asOwner.query(
    `insert into lead_due_rule (operator_id, unit, days, from_minute, to_minute, time_zone, changed_at)
     values ($1, 'hours', '{1}', 480, 1020, 'UTC', now()) on conflict do nothing`,
    [operatorId],
  )
  return ruleId
}

/** Mails are the operator's: those of a channel are those of its operator. */
async function addMail({ db }: Leadline, of: Place): Promise<string> {
  const mailId = randomUUID()
  await db.asOwner.query(
    `insert into mail (operator_id, mail_id, purpose, recipient_name, recipient_address, subject, text_body, html_body,
       message_id, state, due_at, last_reply, created_at, created_by, finished_at)
     values ($1, $2, 'notice', $3, $3, $3, $3, $3, $3, 'given-up', now(), $3, now(), $3, now())`,
    [of.operatorId, mailId, operatorOf(of).marker],
  )
  return mailId
}

/** With what somebody has read of it, and a lead that was given away. */
async function addNotice({ db }: Leadline, of: Place): Promise<string> {
  const noticeId = randomUUID()
  const { operatorId, channelId, marker } = of
  await db.asOwner.query(
    `insert into notice (operator_id, notice_id, channel_id, name, group_key, count, lead_ids, details, position, first_at, last_at)
     select $1, $2::uuid, $3, 'webhook.paused', $2, 1, '{}', json_build_object('name', $4::text, 'lastError', $4::text),
       coalesce(max(position), 0) + 1, now(), now() from notice where operator_id = $1`,
    [operatorId, noticeId, channelId, marker],
  )
  await db.asOwner.query(
    `insert into notice_reading (operator_id, channel_id, reader, read_up_to) values ($1, $2, $3, 0)`,
    [operatorId, channelId ?? 0, `person/${marker} ${noticeId}`],
  )
  await db.asOwner.query(
    `insert into lead_handover (operator_id, lead_id, channel_id, consented_at, given_at, is_first)
     values ($1, gen_random_uuid(), $2, now(), now(), true)`,
    [operatorId, channelId ?? 1],
  )
  return noticeId
}

/** A shared one, which everybody of the place sees. */
async function addView({ db }: Leadline, of: Place): Promise<string> {
  const viewId = randomUUID()
  await db.asOwner.query(
    `insert into saved_view (operator_id, view_id, channel_id, owner, shared, list, name, name_folded, query, columns,
       created_at, created_by, changed_at)
     values ($1, $2, $3, 'job/seed', true, 'leads', $4, $4, 'q=' || $5, array['company'], now(), $5, now())`,
    [of.operatorId, viewId, of.channelId, `${viewId} ${of.marker}`, of.marker],
  )
  return viewId
}

/** A mail to the customer of a lead of the place, with that lead. */
async function addLeadMail(
  leadline: Leadline,
  of: Place,
): Promise<Pick<Objects, 'leadId' | 'tenantId' | 'leadMailId'>> {
  const made = await addLead(leadline, of)
  const leadMailId = randomUUID()
  await leadline.db.asOwner.query(
    `insert into mail (operator_id, mail_id, purpose, lead_id, recipient_name, recipient_address, subject, text_body,
       html_body, message_id, state, due_at, last_stage, last_reply, created_at, created_by, finished_at, author_channel_id)
     values ($1, $2, 'customer', $3, $4, $4, $4, $4, $4, $4, 'bounced', now(), 'recipient', $4, now(), $4, now(), $5)`,
    [of.operatorId, leadMailId, made.leadId, of.marker, of.channelId],
  )
  await leadline.db.asOwner.query(
    `insert into customer_mail_count (operator_id, minute, minute_count, day, day_count)
     values ($1, now(), 0, now(), 0) on conflict do nothing`,
    [of.operatorId],
  )
  return { ...made, leadMailId }
}

/** Templates are the operator's, and its channels read them, but not who has changed them. */
async function addTemplate({ db }: Leadline, of: Place): Promise<string> {
  const templateId = randomUUID().replaceAll('-', '')
  await db.asOwner.query(
    `insert into mail_template (operator_id, template_id, name, subject, body, language, changed_at, changed_by)
     values ($1, $2, $3, 'S', 'B', 'en', now(), $4)`,
    [of.operatorId, templateId, templateId, operatorOf(of).marker],
  )
  return templateId
}

let services = 0

/** With a lead of its own, a SIP connection and its secret, and what is counted of it. */
async function addService(
  leadline: Leadline,
  of: Place,
): Promise<Pick<Objects, 'leadId' | 'tenantId' | 'serviceId' | 'connectionId'>> {
  const lead = await addLead(leadline, of)
  const { operatorId, channelId, marker } = of
  const [serviceId, connectionId] = [randomUUID(), randomUUID()]
  const insert = (sql: string, values: unknown[]) => leadline.db.asOwner.query(sql, values)
  const name = shortNameOf(serviceId)
  await insert(
    `insert into service (operator_id, service_id, arrival, tenant_id, channel_id, lead_id, short_name, short_name_folded,
       full_name, search, license, model, state, origin, connections, bar_reason, check_results)
     values ($1, $2, $3, $4, $5, $6, $7, $7, $8, $8, 'OC Essential', 'tenant', 'Active', 'licensed', 1, $8,
       json_build_array(json_build_object('code', 'seeded', 'title', $8::text, 'result', 'ok', 'detail', $8::text)))`,
    [operatorId, serviceId, 1_000_000 + services++, lead.tenantId, channelId, lead.leadId, name, marker],
  )
  await insert(
    `insert into sip_connection (operator_id, connection_id, service_id, channel_id, tenant_id, position, object_name, name, model,
       deployment, deployment_detail)
     values ($1, $2, $3, $4, $5, 1, $6, $6, 'tenant', 'None', $6)`,
    [operatorId, connectionId, serviceId, channelId, lead.tenantId, marker],
  )
  await insert(
    `insert into sip_secret (operator_id, connection_id, channel_id, password_sealed, variables_sealed)
     values ($1, $2, $3, $4, $4)`,
    [operatorId, connectionId, channelId, marker],
  )
  await insert(
    `insert into service_scope (operator_id, channel_id, version, total) values ($1, $2, 1, 1)
     on conflict (operator_id, channel_id) do update set version = service_scope.version + 1, total = service_scope.total + 1`,
    [operatorId, channelId ?? 0],
  )
  await insert(
    `insert into license_pool (operator_id, channel_id, kind, used) values ($1, $2, 'customers', 1) on conflict do nothing`,
    [operatorId, channelId ?? 0],
  )
  await insert(
    `insert into service_usage (operator_id, service_id, day, channel_id, tenant_id, license, licensed_users, used_numbers, present)
     values ($1, $2, '2026-01-02', $3, $4, $5, 0, 0, true)`,
    [operatorId, serviceId, channelId, lead.tenantId, marker],
  )
  await insert(
    `insert into license_usage_day (operator_id, day, channel_id, license, services, licensed_users)
     values ($1, '2026-01-02', $2, 'OC Essential', 1, 0) on conflict do nothing`,
    [operatorId, channelId ?? 0],
  )
  return { ...lead, serviceId, connectionId }
}

/** A device with an object, a script template and a script that waits to be applied. They are the operator's. */
async function addSbc(
  { db }: Leadline,
  of: Place,
): Promise<Pick<Objects, 'sbcId' | 'scriptTemplateId' | 'scriptOrderId'>> {
  const { operatorId, marker } = operatorOf(of)
  // Far from each other: the server gives the number after the highest.
  const [sbcId, scriptTemplateId, scriptOrderId] = [1_000 * numbers++, 1_000 * numbers++, randomUUID()]
  const run = (sql: string, values: unknown[]) => db.asOwner.query(sql, values)
  await run(
    `insert into sbc (operator_id, sbc_id, name, name_folded, make, mode, address, trust, trunk_fqdns, timeout_ms, trouble,
       created_at, changed_at)
     values ($1, $2, $3, $3, $4, 'manual', $4, '{"kind":"public"}', array[$4], 15000,
       json_build_object('code', 'sbc-unreachable', 'detail', $4::text, 'remedy', $4::text, 'since', now()), now(), now())`,
    [operatorId, sbcId, `sbc ${sbcId} ${marker}`, marker],
  )
  await run(
    `insert into sbc_object (operator_id, sbc_id, table_name, object_name, owner, values, applied_at)
     values ($1, $2, 'ip-group', $3, $3, json_build_object('name', $3::text), now())`,
    [operatorId, sbcId, marker],
  )
  await run(
    `insert into script_template (operator_id, template_id, name, name_folded, purpose, description, make, changed_at, changed_by)
     values ($1, $2, $3, $3, 'onboarding', $4, $4, now(), $4)`,
    [operatorId, scriptTemplateId, `script ${scriptTemplateId} ${marker}`, marker],
  )
  await run(
    `insert into script_template_version (operator_id, template_id, version, script, variables, created_at, created_by)
     values ($1, $2, 1, '! ' || $3, '[]', now(), $3)`,
    [operatorId, scriptTemplateId, marker],
  )
  await run(
    `insert into script_order (operator_id, order_id, sbc_id, key, title, purpose, owner, template_id, template_version, script,
       state, created_at)
     values ($1, $2, $3, 'seed', $4, 'onboarding', $4, $5, 1, '! ' || $4, 'open', now())`,
    [operatorId, scriptOrderId, sbcId, marker, scriptTemplateId],
  )
  return { sbcId, scriptTemplateId, scriptOrderId }
}

/** Calling profiles are the operator's. */
async function addCallingProfile({ db }: Leadline, of: Place): Promise<string> {
  const profileId = randomUUID()
  const { operatorId, marker } = operatorOf(of)
  const profile = {
    ...{ id: profileId, name: marker, environment: null, region: null, carrier: marker, offerTypes: [] },
    ...{ emergencyDialStrings: [], isEmergencyProfile: false, emergencyProfileId: null, extra: {} },
    trunks: [{ id: randomUUID(), fqdn: `${marker}.example` }],
  }
  await db.asOwner.query(
    `insert into calling_profile (operator_id, profile_id, name, profile, trunk_fqdns, fingerprint, first_seen_at, changed_at)
     values ($1, $2, $3, $4, array[$3], $3, now(), now())`,
    [operatorId, profileId, marker, JSON.stringify(profile)],
  )
  await db.asOwner.query(
    `insert into calling_profile_sync (operator_id, synced_at) values ($1, now()) on conflict do nothing`,
    [operatorId],
  )
  return profileId
}

async function addClient({ db }: Leadline, of: Place): Promise<string> {
  const clientId = randomUUID()
  await db.asOwner.query(
    `insert into api_client (client_id, operator_id, channel_id, name, permissions, secret_hash, created_at,
       external_issuer, external_tenant, external_app_id)
     values ($1, $2, $3, $4, $5, decode(repeat('00', 32), 'hex'), now(), $4, $4, $1)`,
    [
      clientId,
      of.operatorId,
      of.channelId,
      `Client ${of.marker}`,
      of.channelId === null ? allPermissions : ['leads.read'],
    ],
  )
  return clientId
}

/** Runs are the operator's: those of a channel are those of its operator. */
async function addRun({ db }: Leadline, of: Place): Promise<string> {
  const runId = randomUUID()
  await db.asOwner.query(
    `insert into job_run (run_id, job, operator_id, trigger, requested_by, state, finished_at, error, phase)
     values ($1, 'peering.sync-leads-job', $2, 'api', $3, 'failed', now(),
       json_build_object('code', 'seeded', 'message', $3::text, 'retryAt', null, 'remedy', $3::text), $3)`,
    [runId, of.operatorId, operatorOf(of).marker],
  )
  await db.asOwner.query(
    `insert into sync_finding (operator_id, kind, key, detail, raw) values ($1, 'malformed', $2, $3, $3)`,
    [of.operatorId, `${operatorOf(of).marker} ${runId}`, operatorOf(of).marker],
  )
  return runId
}

function operatorOf({ operatorId }: Place): Place {
  return allPlaces.find((one) => one.operatorId === operatorId && one.channelId === null) as Place
}

async function addPerson(leadline: Leadline, of: Place): Promise<string> {
  const personId = randomUUID()
  const { db } = leadline
  const tier = of.channelId === null ? 'operator' : 'channel'
  await db.asOwner.query(`insert into person (person_id, email, name, created_at) values ($1, $2, $3, now())`, [
    personId,
    `${personId}@${of.marker}.example`,
    `Person ${of.marker}`,
  ])
  await db.asOwner.query(
    `insert into membership (membership_id, person_id, tier, level, operator_id, channel_id, created_at)
     values ($1, $2, $3, 'monitor', $4, $5, now())`,
    [randomUUID(), personId, tier, of.operatorId, of.channelId],
  )
  await db.asOwner.query(
    `insert into session (session_id, token_hash, person_id, method, created_at, last_seen_at, expires_at, source_ip, user_agent)
     values ($1, $2, $3, 'password', now(), now(), now() + interval '1 day', '192.0.2.1', $4)`,
    [randomUUID(), randomBytes(32), personId, of.marker],
  )
  return personId
}

async function addInvitation(leadline: Leadline, of: Place): Promise<string> {
  const invitationId = randomUUID()
  await leadline.db.asOwner.query(
    `insert into invitation (invitation_id, purpose, token_hash, email, name, tier, level, operator_id, channel_id,
       invited_by, created_at, expires_at)
     values ($1, 'invitation', $2, $3, $4, $5, 'monitor', $6, $7, $4, now(), now() + interval '7 days')`,
    [
      invitationId,
      randomBytes(32),
      `invited-${invitationId}@${of.marker}.example`,
      `Invited ${of.marker}`,
      of.channelId === null ? 'operator' : 'channel',
      of.operatorId,
      of.channelId,
    ],
  )
  await atPlace(leadline, of, (tx) =>
    journal(tx).append({
      action: 'person.invited',
      object: { type: 'invitation', id: invitationId, name: `Invited ${of.marker}` },
      channelId: of.channelId,
      after: { name: of.marker },
      detail: of.marker,
    }),
  )
  return invitationId
}
