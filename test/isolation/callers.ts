import { randomUUID } from 'node:crypto'
import { allPermissions, type Permission } from '../../contract/permissions.ts'
import { allLevels, type Level, permissionsOf, type Tier } from '../../contract/roles.ts'
import { CSRF_HEADER, OPERATOR_HEADER } from '../../contract/sessions.ts'
import { jobPrincipal } from '../../server/kernel/principal.ts'
import { ensureClient } from '../../server/modules/access/index.ts'
import { SANDBOX_PEOPLE } from '../../server/sandbox.ts'
import { ask } from '../harness/client.ts'
import type { Leadline } from '../harness/leadline.ts'
import { type Place, places, sees } from './places.ts'

/** Somebody who asks: with which headers, for whom, and what the contract lets him do. */
export type Caller = {
  name: string
  kind: 'nobody' | 'client' | 'person'
  headers: Record<string, string>
  /** For whom the request works; null: for nobody, or nobody was chosen. */
  place: Place | null
  permissions: readonly Permission[]
  tier: Tier | null
  level: Level | null
}

/** Whether the caller may see what belongs to a place. A customer has nothing there yet but its own people. */
export function seesAsCaller({ place, tier }: Caller, other: Place): boolean {
  return place !== null && tier !== 'customer' && sees(place, other)
}

const PASSWORD = 'leadline-sandbox'
const NOTHING: readonly Permission[] = []

/** Every kind of caller there is: each tier and level, and API clients with all, some and no permissions. */
export async function makeCallers(leadline: Leadline): Promise<Caller[]> {
  const { northwind, riverside, fabrikam, harbour } = places
  await addPlatformPeople(leadline)
  await addCustomerPeople(leadline)
  const nobody: Caller = {
    ...{ name: 'nobody', kind: 'nobody', headers: {}, place: null, permissions: NOTHING, tier: null, level: null },
  }
  const clients = await Promise.all([
    client(leadline, 'client with every permission', northwind, allPermissions),
    client(leadline, 'client without permissions', northwind, NOTHING),
    client(leadline, 'channel client with every permission', riverside, allPermissions),
    client(leadline, 'channel client without permissions', riverside, NOTHING),
    // What the permissions of a customer's people open to who is not narrowed to one customer.
    ...allLevels.map((level) =>
      client(
        leadline,
        `client with the permissions of a customer's ${level}`,
        northwind,
        permissionsOf('customer', level),
      ),
    ),
    client(leadline, 'client of the other operator', fabrikam, allPermissions),
    client(leadline, 'channel client of the other operator', harbour, allPermissions),
  ])
  const people: Caller[] = []
  for (const level of allLevels) {
    people.push(await person(leadline, 'platform', level, northwind))
    people.push(await person(leadline, 'operator', level, northwind))
    people.push(await person(leadline, 'channel', level, riverside))
    people.push(await person(leadline, 'customer', level, northwind))
  }
  const wide = clients[0] as Caller
  const carrier = people.find((one) => one.tier === 'operator' && one.level === 'administrator') as Caller
  const platform = people.find((one) => one.tier === 'platform' && one.level === 'administrator') as Caller
  const { [OPERATOR_HEADER]: _, ...unchosen } = platform.headers
  return [
    nobody,
    ...clients,
    ...people,
    narrowed(wide),
    narrowed(carrier),
    { ...platform, name: 'platform tier, administrator, without an operator', headers: unchosen, place: null },
    await person(leadline, 'operator', 'administrator', fabrikam),
  ]
}

/** The same one, who asks for one channel only. */
function narrowed(caller: Caller): Caller {
  const headers = { ...caller.headers, 'x-ovoc-channel-id': '907' }
  return { ...caller, name: `${caller.name}, narrowed to a channel`, headers, place: places.riverside }
}

async function client(
  leadline: Leadline,
  name: string,
  place: Place,
  permissions: readonly Permission[],
): Promise<Caller> {
  const clientId = `caller-${randomUUID()}`
  const clientSecret = `secret-${randomUUID()}`
  await leadline.db.transact(jobPrincipal('test', place.operatorId, 'callers'), (tx) =>
    ensureClient(tx, {
      ...{ clientId, clientSecret, name: `Caller ${clientId}`, channelId: place.channelId },
      ...{ permissions: [...permissions], now: new Date() },
    }),
  )
  const { token } = await leadline.as(clientId, clientSecret)
  const headers = { authorization: `Bearer ${token}` }
  return { name, kind: 'client', headers, place, permissions, tier: null, level: null }
}

async function person(leadline: Leadline, tier: Tier, level: Level, place: Place): Promise<Caller> {
  const cookie = await signIn(leadline.baseUrl, emailOf(tier, level, place))
  const headers = {
    cookie,
    [CSRF_HEADER]: '1',
    ...(tier === 'platform' && { [OPERATOR_HEADER]: String(place.operatorId) }),
  }
  const name = `${tier} tier, ${level}${place.operatorId === 869 ? ' of the other operator' : ''}`
  return { name, kind: 'person', headers, place, permissions: permissionsOf(tier, level), tier, level }
}

function emailOf(tier: Tier, level: Level, { operatorId, channelId }: Place): string {
  if (tier === 'platform') return `platform-${level}@leadline.example`
  if (tier === 'customer') return `customer-${level}@customer.example`
  const found = SANDBOX_PEOPLE.find(
    ({ role }) =>
      role.tier === tier && role.level === level && role.operatorId === operatorId && role.channelId === channelId,
  )
  if (!found) throw new Error(`The sandbox has no ${level} of the ${tier} tier.`)
  return found.email
}

/** The sandbox has one person of the platform tier; the test wants one of each level, with that one's password. */
async function addPlatformPeople(leadline: Leadline): Promise<void> {
  for (const level of allLevels) await addPerson(leadline, 'platform', level, null, null)
}

/** All of one company, which is a customer of Northwind. */
async function addCustomerPeople(leadline: Leadline): Promise<void> {
  const tenantId = randomUUID()
  for (const level of allLevels) await addPerson(leadline, 'customer', level, places.northwind.operatorId, tenantId)
}

async function addPerson(
  { db }: Leadline,
  tier: 'platform' | 'customer',
  level: Level,
  operatorId: number | null,
  tenantId: string | null,
): Promise<void> {
  const personId = randomUUID()
  await db.asOwner.query(
    `insert into person (person_id, email, name, password_hash, is_sample, created_at)
     select $1, $2, $3, password_hash, is_sample, now() from person where email = 'platform@leadline.example'`,
    [personId, emailOf(tier, level, places.northwind), `${tier} ${level}`],
  )
  await db.asOwner.query(
    `insert into membership (membership_id, person_id, tier, level, operator_id, tenant_id, created_at)
     values ($1, $2, $3, $4, $5, $6, now())`,
    [randomUUID(), personId, tier, level, operatorId, tenantId],
  )
}

async function signIn(baseUrl: string, email: string): Promise<string> {
  const reply = await ask(`${baseUrl}/api/v4/sessions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', [CSRF_HEADER]: '1' },
    body: JSON.stringify({ email, password: PASSWORD }),
  })
  if (reply.status !== 200) throw new Error(`${email} cannot sign in: ${reply.status} ${reply.text}`)
  return reply.headers.get('set-cookie')?.split(';')[0] ?? ''
}
