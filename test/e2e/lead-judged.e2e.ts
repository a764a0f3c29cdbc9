import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, eventually, type Json } from '../harness/client.ts'
import { violationsOf } from './harness/axe.ts'
import { NORTHWIND, type Portal, picture, rowsOf, settled, startPortal } from './harness/portal.ts'

// How a lead is judged: what it is called elsewhere, why it is not there yet, what is hit when the customer leaves.

const ADMINISTRATOR = 'administrator@northwind.example'
const RESELLER = 'administrator@riverside.example'
let portal: Portal
let northwind: Client
/** Belongs to Riverside, has two addresses; its customer dropped Germany. */
let lead: Json

const control = (method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown) =>
  portal.leadline.outside.control(method, path, body)

async function sync(job: string): Promise<void> {
  const { body } = await northwind.send('POST', `/api/v4/jobs/peering.${job}/runs`)
  await eventually(
    () => northwind.get(`/api/v4/runs/${body.id}`),
    (run) => !['queued', 'running'].includes(run.body.state),
    60,
  )
}

beforeAll(async () => {
  portal = await startPortal({ leads: 60 })
  northwind = await portal.leadline.as('northwind-api')
  const company = 'Harborlight Analytics'
  lead = await control('POST', '/consents', { operator: 'northwind', company, countries: ['GB', 'DE'] })
  await eventually(
    async () => {
      await sync('sync-leads-job')
      return northwind.get(`/api/v4/leads/${lead.id}`)
    },
    ({ status }) => status === 200,
  )
  await northwind.send('PUT', `/api/v4/leads/${lead.id}/channel`, { channelId: 907 })
  for (const country of ['GB', 'DE'])
    await control('POST', `/tenants/${lead.tenantId}/civic-addresses`, { country, locations: [{}] })
  // Microsoft may have been asked before there were any.
  await portal.leadline.db.asOwner.query('update lead set addresses_asked_at = null where lead_id = $1', [lead.id])
  await sync('sync-addresses-job')
  await control('PATCH', `/consents/${lead.id}`, { countries: ['GB'] })
  await sync('sync-leads-job')
})
afterAll(() => portal?.close())

const panelOf = (page: Page) => page.getByRole('dialog', { name: 'Harborlight Analytics' })
const at = (part = '') => `${NORTHWIND}/leads/${lead.id}${part && `?part=${part}`}`

test('own references are added in the panel, found by the search, shown when somebody was faster, and taken away', async () => {
  const { page, complaints } = await portal.visit(ADMINISTRATOR, at())
  const panel = panelOf(page)
  await panel.getByRole('button', { name: 'Add references' }).click()
  const crm = panel.getByRole('textbox', { name: 'CRM id' })
  await crm.fill('x'.repeat(101))
  await panel.getByText('At most 100 characters.').waitFor()
  await crm.fill(' ACC-20417 ')
  await panel.getByRole('textbox', { name: 'Order' }).fill('<b>SO</b>-88123')
  await crm.press('Enter')
  await panel.getByText('ACC-20417').waitFor()
  await panel.getByText('<b>SO</b>-88123').waitFor()

  await panel.getByRole('button', { name: 'Change references' }).click()
  const billing = panel.getByRole('textbox', { name: 'Billing account' })
  await billing.fill('4711')
  const theirs = { crmId: 'ACC-20417', orderId: 'SO-9', billingAccount: null }
  await northwind.send('PUT', `/api/v4/leads/${lead.id}/references`, theirs)
  await billing.press('Enter')
  await panel.getByText('They were changed meanwhile.').waitFor()
  await panel.getByText('Order: SO-9').waitFor()
  await settled(page)
  await picture(page, 'references-conflict')
  await panel.getByRole('button', { name: 'Write over them' }).click()
  await panel.getByText('4711').waitFor()
  await panel.getByText('<b>SO</b>-88123').waitFor()

  await panel.getByRole('button', { name: 'Close' }).click()
  await page.getByRole('searchbox').fill('acc-204')
  await eventually(
    () => rowsOf(page).count(),
    (count) => count === 1,
  )
  await rowsOf(page).first().getByText('Harborlight Analytics').waitFor()

  await page.goto(at())
  await panel.getByRole('button', { name: 'Change references' }).click()
  for (const name of ['CRM id', 'Order', 'Billing account']) await panel.getByRole('textbox', { name }).fill('')
  await panel.getByRole('button', { name: 'Save references' }).click()
  await panel.getByRole('button', { name: 'Add references' }).waitFor()
  await panel.getByRole('tab', { name: 'Lead History' }).click()
  await panel.getByText('CRM id changed from ACC-20417 to none.').waitFor()
  expect(complaints).toEqual([])
})

test('the row menu leads to Detailed Status, which says what is waited for, by whom, and links to the job', async () => {
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/leads?q=harborlight`)
  await rowsOf(page).first().waitFor()
  await rowsOf(page).first().click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Detailed Status' }).click()
  const panel = panelOf(page)
  await panel.getByText('Next, by the carrier:').waitFor()
  const reason = panel.locator('[aria-current="step"]')
  expect(await reason.textContent()).toContain('Microsoft has not been told of a signed agreement')
  await panel.getByText('The customer does not consent to Germany').waitFor()
  await panel.getByText(/^Since /).waitFor()
  await panel.getByRole('link', { name: 'Open the job' }).click()
  await page.getByRole('heading', { name: 'peering.sync-leads-job' }).waitFor()
  expect(complaints).toEqual([])
})

test('the list marks a lead whose customer dropped a country, the panel says what is hit; a channel sees it for its own', async () => {
  for (const person of [ADMINISTRATOR, RESELLER]) {
    const { page, complaints } = await portal.visit(person, `${NORTHWIND}/leads?q=harborlight`)
    const words = 'The customer does not consent to Germany: 1 emergency address.'
    await rowsOf(page).first().getByText(words).waitFor()
    await page.goto(at())
    const panel = panelOf(page)
    await panel.getByText('The customer does not consent to Germany').waitFor()
    await panel.getByText('1 emergency address', { exact: true }).waitFor()
    await panel.getByText(/^Since /).waitFor()
    await panel.getByRole('tab', { name: 'Detailed Status' }).click()
    await panel.getByText('It belongs to Riverside IT').waitFor()
    expect(await panel.getByRole('link', { name: 'Open the job' }).count()).toBe(person === RESELLER ? 0 : 1)
    expect(complaints).toEqual([])
  }
})

const looks: [name: string, options: BrowserContextOptions][] = [
  ['light', {}],
  ['dark', { colorScheme: 'dark' }],
  ['narrow', { viewport: { width: 390, height: 844 } }],
]
test.each(looks)('looks right and can be read: %s', async (name, options) => {
  const { page, complaints } = await portal.visit(ADMINISTRATOR, at(), options)
  const panel = panelOf(page)
  await panel.getByText(/^Since /).waitFor()
  await settled(page)
  await picture(page, `affected-${name}`)
  expect(await violationsOf(page, '[role="dialog"]')).toEqual([])
  await panel.getByRole('button', { name: 'Add references' }).click()
  await panel.getByRole('button', { name: 'Save references' }).scrollIntoViewIfNeeded()
  await settled(page)
  await picture(page, `references-${name}`)
  expect(await violationsOf(page, '[role="dialog"]')).toEqual([])
  await page.goto(at('status'))
  await panel.getByText('Next, by the carrier:').waitFor()
  await settled(page)
  await picture(page, `status-${name}`)
  expect(await violationsOf(page, '[role="dialog"]')).toEqual([])
  await panel.getByRole('link', { name: 'Open the job' }).scrollIntoViewIfNeeded()
  await picture(page, `status-end-${name}`)
  const overflow = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
  expect(await page.evaluate(overflow)).toBe(0)
  await page.goto(`${NORTHWIND}/leads?q=harborlight`)
  await rowsOf(page).first().waitFor()
  await settled(page)
  await picture(page, `affected-row-${name}`)
  expect(complaints).toEqual([])
})
