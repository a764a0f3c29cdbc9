import { hash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type FreshDatabase, freshDatabase } from '../../../test/harness/database.ts'
import { newId } from '../../kernel/ids.ts'
import { jobPrincipal, type OperatorPrincipal } from '../../kernel/principal.ts'
import type { EachStep, StepContext, TaskItem } from '../../platform/tasks/index.ts'
import { type RelationshipStatus, relationshipOf } from './direct-lead.rules.ts'
import {
  type LeadSource,
  leadIntake,
  type RemoteLead,
  type TellingRelationship,
  type ToldRelationship,
  takeBackRelationship,
  tellRelationship,
} from './index.ts'
import { leadStore } from './lead.store.ts'
import { relateLeadsTask } from './lead-bulk-relationship.ts'
import { noSource } from './no-source.fixture.ts'

// A worker that is lost between any two of its steps: Microsoft, the lead and the journal agree, and nothing is told twice.

type Wanted = { status: RelationshipStatus; comment: string }
const operator: OperatorPrincipal = jobPrincipal('test', 1, newId())
const wanted: Wanted = { status: 'CustomerContacted', comment: 'Called' }
let db: FreshDatabase
let number = 0
/** What Microsoft holds, and what it was told. */
let atMicrosoft: RemoteLead
let told: Wanted[]
/** Where the worker dies. */
let dies: 'never' | 'after telling Microsoft' | 'before telling Microsoft'

beforeAll(async () => {
  db = await freshDatabase()
  await db.asOwner.query("insert into operator (operator_id, name) values (1, 'One')")
})
afterAll(() => db?.close())

const incoming = () => ({ remote: atMicrosoft, hash: hash('sha1', JSON.stringify(atMicrosoft), 'hex') })
const source: LeadSource = {
  ...noSource,
  recordOf: async () => incoming(),
  setRelationship: async (_principal, _tenantId, asked) => {
    if (dies === 'before telling Microsoft') throw new Error('lost')
    told.push(asked as Wanted)
    change(asked)
    if (dies === 'after telling Microsoft') throw new Error('lost')
    return incoming()
  },
}

function change(customerRelationship: { status: string; comment: string }): void {
  const lastModifiedOn = '2026-11-22T08:00:00Z'
  atMicrosoft = { ...atMicrosoft, extras: { customerRelationship: { ...customerRelationship, lastModifiedOn } } }
}

beforeEach(async () => {
  number += 1
  const contact = { fullName: null, email: null, phoneNumber: null, companyName: `Firm ${number}`, companySize: null }
  atMicrosoft = {
    id: `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    tenantId: `10000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
    tenantOrigin: null,
    operatorId: '7a4e58a1-8348-4fa5-8d36-4e19125e4ac3',
    status: 'Active',
    consentedOn: '2024-01-01T00:00:00Z',
    lastModifiedOn: '2024-01-01T00:00:00Z',
    consentedCountries: ['US'],
    contactDetails: contact,
    contacts: [contact],
    isDirectLead: false,
    extras: {},
  }
  told = []
  dies = 'never'
  await db.transact(operator, (tx) => leadIntake.apply(tx, [incoming()], { baseline: true, source: 'sync' }))
})

const step = relateLeadsTask(source, 600_000).steps[0] as EachStep<Wanted>

/** One worker at one item; the item keeps what the worker noted. */
function work(item: TaskItem) {
  const context = {
    input: wanted,
    operatorId: 1,
    principal: operator,
    signal: new AbortController().signal,
    transact: (run: Parameters<typeof db.transact>[1]) => db.transact(operator, run),
    noteItem: async (_tx: unknown, one: TaskItem, data: unknown) => {
      one.data = data
    },
  }
  return step.each(item, context as unknown as StepContext<Wanted>)
}

const newItem = (): TaskItem => ({ position: 1, objectId: atMicrosoft.id, objectName: null, attempt: 1, data: null })
const stored = async () =>
  relationshipOf(
    (await db.transact(operator, (tx) => leadStore(tx).lockLeads([atMicrosoft.id])))[0]?.remote ?? atMicrosoft,
  )
const entries = async () =>
  (
    await db.asOwner.query(
      `select before::json->>'status' as before, after::json->>'status' as after from journal_entry
       where object_id = $1 and action = 'lead.relationship-changed' order by 1`,
      [atMicrosoft.id],
    )
  ).rows

test('once told, Microsoft, the lead and the journal say the same', async () => {
  expect(await work(newItem())).toEqual({ state: 'succeeded', objectName: `Firm ${number}` })
  expect([told, await stored(), await entries()]).toMatchObject([
    [wanted],
    wanted,
    [{ before: null, after: 'CustomerContacted' }],
  ])
  expect(await work(newItem())).toMatchObject({ state: 'skipped' })
  expect([told.length, (await entries()).length]).toEqual([1, 1])
})

test.for([
  ['before telling Microsoft', 1],
  ['after telling Microsoft', 1],
] as const)('lost %s, the next worker finishes it once', async ([where, times]) => {
  const item = newItem()
  dies = where
  await expect(work(item)).rejects.toThrow('lost')
  dies = 'never'
  expect(await work(item)).toMatchObject({ state: 'succeeded' })
  // And once more, as after a loss between the last commit and the result.
  expect(await work(item)).toMatchObject({ state: 'succeeded' })
  expect([told.length, await stored(), (await entries()).length]).toMatchObject([times, wanted, 1])
})

test('what was changed at Microsoft meanwhile is a result, is stored, and is written over when asked again', async () => {
  const item = newItem()
  dies = 'before telling Microsoft'
  await expect(work(item)).rejects.toThrow('lost')
  dies = 'never'
  change({ status: 'AgreementSigned', comment: 'A7' })
  const refused = await work(item)
  expect(refused).toMatchObject({ state: 'failed', code: 'relationship-changed' })
  expect([told.length, await stored()]).toMatchObject([0, { status: 'AgreementSigned', comment: 'A7' }])
  expect(await work(item)).toMatchObject({ state: 'succeeded' })
  expect(await entries()).toEqual([{ before: 'AgreementSigned', after: 'CustomerContacted' }])
})

test('what Microsoft keeps on another lead of the tenant, and what is gone, is told', async () => {
  const item = newItem()
  atMicrosoft = { ...atMicrosoft, id: '20000000-0000-4000-8000-000000000000' }
  expect(await work(item)).toMatchObject({ state: 'failed', code: 'relationship-elsewhere' })
  expect(await work({ ...item, objectId: newId() })).toMatchObject({ state: 'failed', code: 'not-found' })
})

test.each(['never', 'before telling Microsoft', 'after telling Microsoft'] as const)(
  'what a license has told is taken back on both sides, a worker lost there %s',
  async (where) => {
    const telling: TellingRelationship = {
      ...{ principal: operator, tenantId: atMicrosoft.tenantId, signal: new AbortController().signal },
      wanted: { status: 'AgreementSigned', comment: '' },
      transact: (run) => db.transact(operator, run),
    }
    change({ status: 'ContractTerminated', comment: 'Moved away' })
    let known: ToldRelationship | null = null
    await tellRelationship(source, null, telling, async (_tx, one) => {
      known = one
    })
    expect(await stored()).toMatchObject({ status: 'AgreementSigned' })
    dies = where
    const first = takeBackRelationship(source, known, telling)
    if (where === 'never') await first
    else await expect(first).rejects.toThrow('lost')
    dies = 'never'
    await takeBackRelationship(source, known, telling)
    expect([relationshipOf(atMicrosoft), await stored()]).toMatchObject([
      { status: 'ContractTerminated' },
      { status: 'ContractTerminated' },
    ])
    expect((await entries()).filter(({ after }) => after === 'ContractTerminated')).toEqual([
      { before: 'AgreementSigned', after: 'ContractTerminated' },
    ])
  },
)
