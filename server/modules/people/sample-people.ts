import type { WireSignInOptions } from '../../../contract/sessions.ts'
import type { Clock } from '../../kernel/clock.ts'
import { newId } from '../../kernel/ids.ts'
import { installationPrincipal } from '../../kernel/principal.ts'
import type { Transact, Tx } from '../../platform/db/transaction.ts'
import { journal } from '../audit/index.ts'
import { membershipStore } from './membership.store.ts'
import { SANDBOX_PASSWORD } from './password.rules.ts'
import { hashPassword } from './password-hash.ts'
import type { Role } from './person.rules.ts'
import { personStore } from './person.store.ts'
import { roleFacts } from './user.service.ts'

export type SamplePerson = { email: string; name: string; description: string; role: Role }

/** Where the sample people work: two carriers, and a channel of the first. */
export type SamplePlaces = {
  northwind: { operatorId: number; name: string }
  fabrikam: { operatorId: number; name: string }
  riverside: { channelId: number; name: string }
}

const LEVELS = [
  ['administrator', 'Administrator'],
  ['operator', 'Operator level'],
  ['monitor', 'Monitor'],
] as const

/** The ten people of a sandbox. Source: design/decisions.md, Sandbox people. */
export function samplePeople({ northwind, fabrikam, riverside }: SamplePlaces): SamplePerson[] {
  const carrier = (domain: string, names: [string, string, string], place: { operatorId: number; name: string }) =>
    LEVELS.map(
      ([level, words], i): SamplePerson => ({
        email: `${level}@${domain}`,
        name: names[i] ?? level,
        description: `${words}, ${place.name}`,
        role: { tier: 'operator', level, operatorId: place.operatorId, channelId: null, tenantId: null },
      }),
    )
  const reseller = LEVELS.map(
    ([level, words], i): SamplePerson => ({
      email: `${level}@riverside.example`,
      name: ['Rosa Vance', 'Rory Hale', 'Remi Stone'][i] ?? level,
      description: `${words}, channel ${riverside.name} of ${northwind.name}`,
      role: {
        tier: 'channel',
        level,
        operatorId: northwind.operatorId,
        channelId: riverside.channelId,
        tenantId: null,
      },
    }),
  )
  return [
    ...carrier('northwind.example', ['Nora Lindqvist', 'Niall Byrne', 'Nina Kovar'], northwind),
    ...reseller,
    ...carrier('fabrikam.example', ['Farah Aziz', 'Felix Brandt', 'Fiona Mori'], fabrikam),
    {
      email: 'platform@leadline.example',
      name: 'Pat Lindgren',
      description: 'Administrator of the platform tier, every operator',
      role: { tier: 'platform', level: 'administrator', operatorId: null, channelId: null, tenantId: null },
    },
  ]
}

/** As the sign-in page offers them. */
export function offeredPeople(people: readonly SamplePerson[]): WireSignInOptions['samplePeople'] {
  return people.map(({ email, name, description }) => ({ email, name, description, password: SANDBOX_PASSWORD }))
}

/** Makes the sample people who are not there yet. What was changed about one stays. */
export async function ensureSamplePeople(
  transact: Transact,
  people: readonly SamplePerson[],
  clock: Clock,
): Promise<void> {
  for (const person of people) {
    try {
      await transact(installationPrincipal('sandbox', newId()), (tx) => ensureSamplePerson(tx, person, clock.now()))
    } catch (error) {
      // Another instance that starts at the same moment has just made the same one.
      if ((error as { constraint?: string }).constraint !== 'person_email') throw error
    }
  }
}

async function ensureSamplePerson(tx: Tx, { email, name, role }: SamplePerson, now: Date): Promise<void> {
  const people = personStore(tx)
  if (await people.findByEmail(email)) return
  const personId = newId(now)
  const passwordHash = await hashPassword(SANDBOX_PASSWORD)
  await people.insert({ personId, email, name, passwordHash, isSample: true, createdAt: now })
  await membershipStore(tx).insert(personId, role, newId(now), now)
  const object = { type: 'person', id: personId, name }
  await journal(tx).append({ action: 'person.created', object, after: roleFacts(role) })
}
