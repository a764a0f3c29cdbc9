import type { World } from './world.ts'

const ADDRESSED_EVERY = 5
const NO_ADDRESSES = '{"civicAddresses":null'

/**
 * Gives every fifth lead one to three civic addresses, as design/quality.md has its data: a page of 20,000 is then about
 * 27 MB. Written as the addresses job writes them (column and text alike), but at once: one call a tenant would take the
 * bench longer than all its figures. Then the tables are left as autovacuum leaves them.
 */
export async function shapeAddresses({ owner, operatorId }: World): Promise<void> {
  // Autovacuum may not have been here yet, and a join planned for a handful of leads takes ten minutes.
  await owner.query('analyze lead')
  await owner.query(
    `update lead set civic_addresses = given.text, addresses_asked_at = now(),
       body = '{"civicAddresses":' || given.text || substr(body, ${NO_ADDRESSES.length + 1})
     from (
       select arrival as at, '[' || string_agg(address_text(arrival, n), ',') || ']' as text
       from lead, generate_series(1, 1 + arrival % 3) n where operator_id = $1 and arrival % ${ADDRESSED_EVERY} = 0
       group by arrival
     ) given
     where operator_id = $1 and arrival = given.at and body like '${NO_ADDRESSES}%'`.replace(
      'address_text(arrival, n)',
      ADDRESS_SQL,
    ),
    [operatorId],
  )
  await owner.query(
    "update lead set addresses_asked_at = now(), civic_addresses = '[]', " +
      `body = '{"civicAddresses":[]' || substr(body, ${NO_ADDRESSES.length + 1}) where is_direct and civic_addresses is null`,
  )
  await owner.query('vacuum (analyze) lead')
}

const ADDRESS_SQL = `json_build_object(
  'id', gen_random_uuid(), 'country', 'US', 'houseNumber', arrival::text, 'houseNumberSuffix', '', 'preDirectional', '',
  'streetName', 'Harbor View Avenue', 'streetSuffix', 'Ave', 'postDirectional', 'NE', 'stateOrProvince', 'WA',
  'countyOrDistrict', 'King', 'cityOrTown', 'Redmond', 'cityOrTownAlias', 'Redmond', 'postalOrZipCode', '98052',
  'description', 'Main office', 'companyName', company_name, 'companyId', '', 'defaultLocationId', gen_random_uuid(),
  'validationStatus', 'Validated', 'tenantId', tenant_id, 'partnerId', gen_random_uuid(),
  'locations', json_build_array(json_build_object('id', gen_random_uuid(), 'civicAddressId', gen_random_uuid(),
    'description', 'Reception', 'additionalInfo', '', 'isDefault', 'true', 'elin', null)))::text`
