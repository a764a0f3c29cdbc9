import { type Kysely, type RawBuilder, sql } from 'kysely'

/** The role the application works as: owns nothing, does not bypass row security. Source: design/decisions.md. */
export const APP_ROLE = 'leadline_app'

// Wrapped in a sub-select the setting is read once a statement; read directly it costs 3-4 times (design/quality.md).
const operator = `(select nullif(current_setting('leadline.operator_id', true), '')::integer)`
const channel = `(select nullif(current_setting('leadline.channel_id', true), '')::integer)`
// As `is not null` the planner expects nearly every row; a bare condition it takes for every second one.
const noCustomer = `((select case when coalesce(current_setting('leadline.tenant_id', true), '') = '' then true end) is not null)`
const customer = `(select nullif(current_setting('leadline.tenant_id', true), '')::uuid)`
const installation = `(select coalesce(current_setting('leadline.installation', true), '') = 'on')`

export type ScopeOptions = {
  /** The table has a nullable or fixed `channel_id`: a channel's principal sees only rows with its own. */
  channel?: boolean
  /** A channel's principal sees no row at all: the table speaks of the whole operator. */
  operatorOnly?: boolean
  /**
   * A definer function searches the table by what is not leakproof (LIKE): the owner, who has the application's rights as
   * well, must then meet no condition, or the index is not used. So customers are kept out by the policy of the scope.
   */
  definerSearch?: boolean
  /** Background work of the installation may see every operator's rows. */
  installation?: boolean
  /** People of the customer tier have rows here, with their company's `tenant_id`. */
  customers?: boolean
}

/**
 * Turns on FORCE row security for a tenant table: `operator_id` must be the operator of the transaction. People of the
 * customer tier see nothing of it.
 * The owner keeps a policy of its own for definer functions, which filter the scope themselves.
 */
export async function enableScope(db: Kysely<unknown>, table: string, options: ScopeOptions = {}): Promise<void> {
  let rule = `operator_id = ${operator}`
  // As a case: the planner takes `… is null or …` for one row in 200, and then sorts a whole table for each page of it.
  if (options.channel) rule += ` and case when ${channel} is null then true else channel_id = ${channel} end`
  if (options.definerSearch) rule += ` and ${noCustomer}`
  if (options.operatorOnly) rule += ` and ${channel} is null`
  if (options.installation) rule = `(${rule}) or ${installation}`
  await raw(`alter table ${table} enable row level security`).execute(db)
  await raw(`alter table ${table} force row level security`).execute(db)
  await raw(`create policy ${table}_scope on ${table} to ${APP_ROLE} using (${rule}) with check (${rule})`).execute(db)
  await raw(`create policy ${table}_owner on ${table} to current_user using (true) with check (true)`).execute(db)
  if (options.customers) await showCustomersTheirOwn(db, table)
  else if (!options.definerSearch) await hideFromCustomers(db, table)
}

/** People of the customer tier see of a table what carries their company's `tenant_id`. */
export async function showCustomersTheirOwn(db: Kysely<unknown>, table: string): Promise<void> {
  const rule = `case when ${customer} is null then true else tenant_id = ${customer} end`
  await raw(`create policy ${table}_customer on ${table} as restrictive to ${APP_ROLE} using (${rule})`).execute(db)
}

/** Hides a table from people of the customer tier, at one look a statement. */
export async function hideFromCustomers(
  db: Kysely<unknown>,
  table: string,
  command: 'all' | 'select' = 'all',
): Promise<void> {
  await raw(
    `create policy ${table}_customer on ${table} as restrictive for ${command} to ${APP_ROLE} using (${noCustomer})`,
  ).execute(db)
}

/** Gives the application role the named rights and no others. */
export async function grantTable(db: Kysely<unknown>, table: string, rights: string): Promise<void> {
  await raw(`grant ${rights} on ${table} to ${APP_ROLE}`).execute(db)
}

function raw(text: string): RawBuilder<unknown> {
  return sql.raw(text)
}
