import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, eventually, type Json } from '../harness/client.ts'
import { violationsOf } from './harness/axe.ts'
import { NORTHWIND, type Portal, picture, settled, startPortal } from './harness/portal.ts'

// From an Active lead to a service and back, and a script that a person applies. Source: seed 004; issue 7, 1, 2 and 4.

const ADMINISTRATOR = 'administrator@northwind.example'
let portal: Portal
let northwind: Client
/** Active leads without a license and without a channel, each for one test. */
let leads: Json[]

beforeAll(async () => {
  portal = await startPortal({ leads: 60 })
  northwind = await portal.leadline.as('northwind-api')
  const { body } = await northwind.get('/api/v4/leads?licensed=false&status=Active&pageSize=200')
  leads = body.data.filter(({ channel, actions }: Json) => channel === null && actions.changeStatus.allowed)
  expect(leads.length).toBeGreaterThan(3)
})
afterAll(() => portal?.close())

/** The menu of the one row that the list shows. */
async function chooseFromMenu(page: Page, path: string, lead: Json, action: string): Promise<void> {
  await page.goto(`${NORTHWIND}/${path}?q=${lead.tenantId}`)
  await page.getByRole('gridcell', { name: lead.companyName }).first().click({ button: 'right' })
  await page.getByRole('menuitem', { name: action, exact: true }).click()
}

const serviceOf = async (lead: Json): Promise<Json> =>
  (await northwind.get(`/api/v4/services?leadId=${lead.id}`)).body.data[0]

test('Change Status makes a service of a lead: the name is judged while it is typed, and all that will happen is said', async () => {
  const [lead] = leads
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/leads`)
  await chooseFromMenu(page, 'leads', lead, 'Change Status')
  const dialog = page.getByRole('dialog', { name: `Change status of ${lead.companyName}` })
  await dialog.getByText('This name is free.').waitFor()
  const name = dialog.getByLabel('Short name')
  const proposal = await name.inputValue()
  await name.fill('a. b')
  await dialog.getByText(/It has a dot in it/).waitFor()
  const store = dialog.getByRole('button', { name: 'Store & Close' })
  await expect.poll(() => store.getAttribute('aria-disabled')).toBe('true')
  await dialog.getByRole('button', { name: `Take ${proposal}` }).click()
  await dialog.getByText('This name is free.').waitFor()
  await dialog.getByLabel('LC customer').click()
  await page.getByRole('option', { name: `Create customer “${lead.companyName}”` }).click()
  await expect.poll(() => dialog.getByLabel('LC customer').inputValue()).toBe(lead.companyName)
  await settled(page)
  await picture(page, 'change-status')
  expect(await violationsOf(page, '[role="dialog"]')).toEqual([])
  await store.click()

  const summary = page.getByRole('dialog', { name: `Apply OC Essential to ${lead.companyName}?` })
  await summary.getByText(/AgreementSigned/).waitFor()
  await picture(page, 'change-status-summary')
  await summary.getByRole('button', { name: 'Apply OC Essential' }).click()
  const going = page.getByRole('dialog', { name: `Applying OC Essential to ${lead.companyName}` })
  await going.getByText('Move the lead to Tenants').waitFor()
  await going.getByRole('link', { name: 'Open the task' }).waitFor()
  await going.getByRole('button', { name: 'Close' }).click()
  const service = await eventually(
    () => serviceOf(lead),
    (one) => one?.state === 'Active',
    60,
  )
  expect(service).toMatchObject({ shortName: proposal, lcCustomer: { name: lead.companyName } })

  await page.goto(`${NORTHWIND}/services?q=${proposal}`)
  await page.getByRole('gridcell', { name: proposal, exact: true }).click()
  const panel = page.getByRole('dialog', { name: lead.companyName })
  await panel.getByText(service.id).waitFor()
  expect(new URL(page.url()).pathname).toBe(`${NORTHWIND}/services/${service.id}`)
  await panel.getByRole('tab', { name: 'SIP Connections' }).click()
  await panel.getByText('Nothing needed').waitFor()
  await picture(page, 'service')
  expect(complaints).toEqual([])
})

test('Delete Customer says what is lost, asks for the short name, and the lead returns to New Leads', async () => {
  const [lead] = leads
  const { shortName, id } = await serviceOf(lead)
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/tenants`)
  await chooseFromMenu(page, 'tenants', lead, 'Delete Customer')
  const dialog = page.getByRole('alertdialog', { name: `Delete ${lead.companyName}?` })
  await dialog.getByText('The license OC Essential').waitFor()
  const remove = dialog.getByRole('button', { name: 'Delete customer' })
  await dialog.getByLabel(/Type the short name/).fill(`${shortName}x`)
  expect(await remove.getAttribute('aria-disabled')).toBe('true')
  await dialog.getByLabel(/Type the short name/).fill(shortName)
  await picture(page, 'delete-customer')
  await remove.click()
  await page.getByRole('alertdialog', { name: `Deleting ${lead.companyName}` }).waitFor()
  await eventually(
    () => northwind.get(`/api/v4/services/${id}`),
    ({ status }) => status === 404,
    60,
  )
  await page.goto(`${NORTHWIND}/services/${id}`)
  await page.getByText('There is no such service here').first().waitFor()
  const { body } = await northwind.get(`/api/v4/leads/${lead.id}`)
  expect(body).toMatchObject({ umpCustomerGuid: null, license: null })
  expect(complaints).toEqual([])
})

test('ticked services open the leads they came from, and only those', async () => {
  const chosen = leads.slice(-2)
  for (const [i, lead] of chosen.entries()) {
    const asked = { shortName: `ticked-${i}`, fullName: lead.companyName }
    expect((await northwind.send('POST', `/api/v4/leads/${lead.id}/license`, asked)).status).toBe(202)
    await eventually(
      () => serviceOf(lead),
      (service) => service?.state === 'Active',
      30,
    )
  }
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/services?q=ticked-`)
  for (const lead of chosen) await page.getByRole('checkbox', { name: `Select ${lead.companyName}` }).click()
  await page.getByRole('button', { name: 'Operator Connect', exact: true }).click()
  await page.getByRole('menuitem', { name: 'Open Qualify Leads Page' }).click()
  for (const lead of chosen) await page.getByRole('gridcell', { name: lead.companyName }).first().waitFor()
  expect(await page.getByRole('treegrid').getAttribute('aria-rowcount')).toBe('3')
  await settled(page)
  await picture(page, 'chosen-leads')
  await page.getByRole('button', { name: /filter Chosen$/ }).click()
  await expect.poll(() => page.getByRole('treegrid').getAttribute('aria-rowcount')).not.toBe('3')
  expect(complaints).toEqual([])
})

test('Change Channel Partner gives a service to a channel with its lead, and takes it out again', async () => {
  const lead = leads.at(-1)
  const service = await serviceOf(lead)
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/services?q=${service.shortName}`)
  const open = async () => {
    await page.getByRole('gridcell', { name: service.shortName, exact: true }).click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Change Channel Partner' }).click()
    return page.getByRole('dialog', { name: 'Change Channel Partner' })
  }
  const dialog = await open()
  await dialog.getByText('belongs to no channel now').waitFor()
  expect(await dialog.getByRole('button', { name: 'Change' }).getAttribute('aria-disabled')).toBe('true')
  await dialog.getByLabel('Channel').click()
  await page.getByRole('option', { name: 'Riverside IT' }).click()
  await settled(page)
  await picture(page, 'service-channel')
  expect(await violationsOf(page, '[role=dialog]')).toEqual([])
  await dialog.getByRole('button', { name: 'Change' }).click()
  await page.getByText(`${service.fullName} belongs to Riverside IT now`).first().waitFor()
  expect((await serviceOf(lead)).channel).toMatchObject({ name: 'Riverside IT' })
  expect((await northwind.get(`/api/v4/leads/${lead.id}`)).body.channel).toMatchObject({ name: 'Riverside IT' })
  const again = await open()
  await again.getByLabel('Channel').fill('')
  await again.getByRole('button', { name: 'Change' }).click()
  await page.getByText(`${service.fullName} belongs to no channel now`).first().waitFor()
  expect((await serviceOf(lead)).channel).toBeNull()
  expect(complaints).toEqual([])
})

test('a script for an SBC of another hand waits until somebody has ticked it off', async () => {
  const lead = leads[1]
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/settings/sbcs`)
  await page.getByRole('button', { name: 'Register SBC' }).first().click()
  const form = page.getByRole('dialog', { name: 'Register SBC' })
  await form.getByRole('textbox', { name: /^Name/ }).fill('Cellar')
  await form.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('dialog', { name: 'Cellar' }).getByText('Our objects on it').waitFor()
  await settled(page)
  expect(await violationsOf(page)).toEqual([])

  await chooseFromMenu(page, 'leads', lead, 'Change Status')
  const dialog = page.getByRole('dialog', { name: `Change status of ${lead.companyName}` })
  await dialog.getByText('This name is free.').waitFor()
  await dialog.getByRole('switch', { name: /Advanced settings/ }).click()
  await dialog.getByLabel('SBC device').selectOption({ label: 'Cellar (mediant)' })
  await dialog.getByLabel('Onboarding script').selectOption({ label: 'One tagged group' })
  await dialog.getByLabel('Cleanup script').selectOption({ label: 'One tagged group: clean' })
  await dialog.getByLabel('Proxy set', { exact: true }).fill('Customers')
  await dialog.getByRole('button', { name: 'Store & Close' }).click()
  const summary = page.getByRole('dialog', { name: `Apply OC Essential to ${lead.companyName}?` })
  await summary.getByText(/waits until somebody/).waitFor()
  await picture(page, 'advanced-summary')
  await summary.getByRole('button', { name: 'Apply OC Essential' }).click()
  const going = page.getByRole('dialog', { name: `Applying OC Essential to ${lead.companyName}` })
  await going
    .getByText(/apply a script/)
    .first()
    .waitFor()
  await going.getByRole('button', { name: 'Close' }).click()

  await page.goto(`${NORTHWIND}/home`)
  await page.getByRole('link', { name: /Scripts to be applied to an SBC by hand/ }).click()
  await page.getByRole('button', { name: /^Connect / }).click()
  const order = page.getByRole('dialog', { name: /^Connect / })
  await order.getByLabel('Applied by').fill('Kim Abe')
  await settled(page)
  await picture(page, 'script-order')
  expect(await violationsOf(page)).toEqual([])
  await order.getByRole('button', { name: 'Tick off' }).click()
  await order.getByText('Kim Abe').waitFor()
  const service = await eventually(
    () => serviceOf(lead),
    (one) => one?.state === 'Active',
    60,
  )
  expect(service).toMatchObject({ deployment: 'Deployed', model: 'ip-group' })
  expect(complaints).toEqual([])
})
