import { randomUUID } from 'node:crypto'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Client } from '../harness/client.ts'
import { violationsOf } from './harness/axe.ts'
import { NORTHWIND, type Portal, picture, rowsOf, settled, startPortal } from './harness/portal.ts'

// What is done with one lead: made, judged, told, deleted.

const ADMINISTRATOR = 'administrator@northwind.example'
let portal: Portal
let northwind: Client
beforeAll(async () => {
  portal = await startPortal({ leads: 60 })
  northwind = await portal.leadline.as('northwind-api')
})
afterAll(() => portal?.close())

const control = (method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown) =>
  portal.leadline.outside.control(method, path, body)

async function makeLead(companyName: string): Promise<{ id: string; tenantId: string }> {
  const made = await northwind.send('POST', '/api/v4/leads', { tenantId: randomUUID(), companyName })
  expect([made.status, made.text]).toEqual([201, expect.any(String)])
  return made.body
}

const newLead = async (page: Page) => {
  await page.getByRole('button', { name: 'New Lead' }).click()
  const dialog = page.getByRole('dialog', { name: 'New Lead' })
  await dialog.waitFor()
  return dialog
}

test('a lead is made by tenant id, which is judged while it is typed; its panel opens and the list has it', async () => {
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/leads`)
  const tenantId = randomUUID()
  const dialog = await newLead(page)
  const id = dialog.getByRole('textbox', { name: 'Customer Tenant ID' })
  const create = dialog.getByRole('button', { name: 'Create lead' })
  await id.fill('contoso.com')
  await dialog.getByText('This is no tenant ID').waitFor()
  await id.fill('00000000-0000-0000-0000-000000000000')
  await dialog.getByText('nobody’s tenant').waitFor()
  await id.fill(tenantId.slice(0, -2))
  await dialog.getByText('2 digits are missing').waitFor()
  expect(await create.getAttribute('aria-disabled')).toBe('true')
  await id.fill(` { ${tenantId.toUpperCase()} } `)
  await dialog.getByText(`Read as ${tenantId}`).waitFor()
  await dialog.getByRole('textbox', { name: 'Customer Name' }).fill('Kiosk & <b>Söhne</b>')
  await picture(page, 'new-lead')
  await dialog.getByRole('textbox', { name: 'Customer Name' }).press('Enter')
  await page.getByRole('dialog', { name: 'Kiosk & <b>Söhne</b>' }).getByText('Consentless: created').waitFor()
  expect(new URL(page.url()).pathname).toMatch(/\/leads\/[0-9a-f-]{36}$/)
  await rowsOf(page).first().getByText('Kiosk & <b>Söhne</b>').waitFor()

  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
  const again = await newLead(page)
  await again.getByRole('textbox', { name: 'Customer Tenant ID' }).fill(tenantId)
  await again.getByText('This tenant has a lead already.').waitFor()
  await picture(page, 'new-lead-exists')
  await again.getByRole('link', { name: 'Open this lead' }).click()
  await page.getByRole('dialog', { name: 'Kiosk & <b>Söhne</b>' }).waitFor()
  expect(complaints).toEqual([])
})

test('a name in use is a warning that one can pass; a refused tenant and a silent Microsoft say what is next', async () => {
  const { page } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/leads`)
  await makeLead('Twice Named')
  const dialog = await newLead(page)
  const id = dialog.getByRole('textbox', { name: 'Customer Tenant ID' })
  await id.fill('deadbeef-0000-4000-8000-000000000002')
  await dialog.getByRole('textbox', { name: 'Customer Name' }).fill('Twice Named')
  await dialog.getByRole('button', { name: 'Create lead' }).click()
  await dialog.getByText('Another lead has this company name.').waitFor()
  await dialog.getByRole('link', { name: 'Open this lead' }).waitFor()
  await picture(page, 'new-lead-name-in-use')
  await dialog.getByRole('button', { name: 'Create it all the same' }).click()
  await dialog.getByText('Microsoft refuses this tenant').waitFor()

  await control('POST', '/faults', { name: 'error-503', operator: 'northwind', endpoint: 'one', times: 8 })
  await id.fill(randomUUID())
  await dialog.getByRole('textbox', { name: 'Customer Name' }).fill('Silent Microsoft')
  await dialog.getByRole('button', { name: 'Create lead' }).click()
  await dialog.getByText('it appears in the list by itself').waitFor()
  await picture(page, 'new-lead-no-answer')
  await control('DELETE', '/faults')
})

test('a lead is made by the domain of the customer, shown with its id to confirm', async () => {
  const { tenantId } = await control('POST', '/consents', {
    operator: 'fabrikam',
    company: 'Tailspin',
    contacts: [{ fullName: 'Kim Abe', email: 'kim@tailspin.example' }],
  })
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/leads`)
  const dialog = await newLead(page)
  await dialog.getByRole('radio', { name: 'Domain' }).click()
  const domain = dialog.getByRole('textbox', { name: 'Customer domain' })
  await domain.fill('nobody-has-this.example')
  await domain.press('Enter')
  await dialog.getByText('No Microsoft tenant has the domain').waitFor()
  await domain.fill('Kim@Tailspin.example')
  await dialog.getByRole('button', { name: 'Look up' }).click()
  await dialog.getByText(tenantId).waitFor()
  await dialog.getByRole('textbox', { name: 'Customer Name' }).fill('Tailspin')
  await picture(page, 'new-lead-domain')
  await dialog.getByRole('button', { name: 'Create lead' }).click()
  await page.getByRole('dialog', { name: 'Tailspin' }).getByText(tenantId).waitFor()
  expect(complaints).toEqual([])
})

test('the relationship is set with a reason where one is due, and a change at Microsoft is shown before it is lost', async () => {
  const [lead] = (await northwind.get('/api/v4/leads?status=Active&isDirectLead=false&licensed=false&pageSize=1')).body
    .data
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/leads/${lead.id}`)
  const panel = page.getByRole('dialog', { name: lead.companyName })
  const change = panel.getByRole('button', { name: 'Change relationship' })
  await change.click()
  const dialog = page.getByRole('dialog', { name: /^How far are you/ })
  await dialog.getByRole('radio', { name: 'Consent declined' }).click()
  expect(await dialog.getByRole('button', { name: 'Save' }).getAttribute('aria-disabled')).toBe('true')
  await dialog.getByRole('textbox', { name: 'Reason' }).fill('Wants a country we do not serve')
  await picture(page, 'relationship')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await panel.getByText('Wants a country we do not serve').waitFor()

  await change.click()
  await control('PATCH', `/consents/${lead.id}`, { relationshipStatus: 'AgreementSigned', relationshipComment: 'A7' })
  await dialog.getByRole('radio', { name: 'Customer contacted' }).click()
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.getByText('It was changed meanwhile.').waitFor()
  await dialog.getByText('A7').waitFor()
  await picture(page, 'relationship-changed')
  await dialog.getByRole('button', { name: 'Write over it' }).click()
  await dialog.waitFor({ state: 'hidden' })
  await panel.getByText('You have talked or written to the customer.').waitFor()
  await panel.getByRole('tab', { name: 'Lead History' }).click()
  await panel.getByText('changed the relationship from Agreement signed to Customer contacted').waitFor()
  await panel.getByText('The relationship was changed at Microsoft from Consent declined to Agreement signed').waitFor()
  expect(complaints).toEqual([])
})

test('comments are text, counted in the list, changed and deleted by whoever wrote them', async () => {
  const lead = await makeLead('Much To Say')
  await northwind.send('POST', `/api/v4/leads/${lead.id}/comments`, { text: 'By a program' })
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/leads`)
  const row = rowsOf(page).filter({ hasText: 'Much To Say' })
  await row.click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Add Comments' }).click()
  const panel = page.getByRole('dialog', { name: 'Much To Say' })
  await panel.getByText('By a program').waitFor()
  expect(await panel.getByRole('button', { name: 'Edit' }).count()).toBe(0)
  const box = panel.getByRole('textbox', { name: 'New comment' })
  await box.fill('x'.repeat(100_000))
  await panel.getByText('100000 of 4000 characters').waitFor()
  expect(await panel.getByRole('button', { name: 'Add comment' }).getAttribute('aria-disabled')).toBe('true')
  await box.fill('<img src=x onerror=alert(1)>\nsecond line')
  await box.press('Control+Enter')
  await panel.getByText('<img src=x onerror=alert(1)>').waitFor()
  await row.getByText('2 comments').waitFor()
  await panel.getByRole('button', { name: 'Edit' }).click()
  await panel.getByRole('textbox', { name: 'Your comment' }).fill('Wants 40 numbers')
  await panel.getByRole('button', { name: 'Save' }).click()
  await panel.getByText('edited').waitFor()
  await picture(page, 'comments')
  await panel.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
  await panel.getByText('Wants 40 numbers').waitFor({ state: 'detached' })
  await row.getByText('1 comment').waitFor()
  expect(complaints).toEqual([])
})

test('the history says in words who did what, Microsoft among them, and can be narrowed', async () => {
  const { id } = await makeLead('Long Story')
  await northwind.send('PUT', `/api/v4/leads/${id}/channel`, { channelId: 907 })
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/leads/${id}?part=history`)
  const panel = page.getByRole('dialog', { name: 'Long Story' })
  await panel.getByText('changed channel from none to Riverside IT.').waitFor()
  await panel.getByText('made this consentless lead.').waitFor()
  await picture(page, 'history')
  await panel.getByRole('button', { name: /^What about/ }).click()
  await page.getByRole('checkbox', { name: 'Channel' }).click()
  await panel.getByText('made this consentless lead.').waitFor({ state: 'detached' })
  await page.keyboard.press('Escape')
  const download = page.waitForEvent('download')
  await panel.getByRole('button', { name: 'Export to CSV' }).click()
  expect((await download).suggestedFilename()).toMatch(/^lead-history.*\.csv$/)
  expect(complaints).toEqual([])
})

test('a consentless lead is deleted after it is said what is lost; a consented one says who can withdraw it', async () => {
  const { id } = await makeLead('Not For Long')
  await northwind.send('POST', `/api/v4/leads/${id}/comments`, { text: 'One' })
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/leads/${id}`)
  const row = rowsOf(page).filter({ hasText: 'Not For Long' })
  await row.click({ button: 'right' })
  await page.getByRole('menuitem', { name: 'Delete (Consentless) Lead' }).click()
  const dialog = page.getByRole('alertdialog', { name: 'Delete the lead of Not For Long?' })
  await dialog.getByText('Its comment').waitFor()
  await picture(page, 'delete-lead')
  await dialog.getByRole('button', { name: 'Delete lead' }).click()
  await page.getByText('The lead of Not For Long is deleted').first().waitFor()
  await row.waitFor({ state: 'detached' })
  expect(new URL(page.url()).pathname).toBe(`${NORTHWIND}/leads`)
  const consented = rowsOf(page).filter({ hasNotText: /Long Story|Much To Say|Tailspin|Kiosk|Twice/ })
  await consented.last().click({ button: 'right' })
  const action = page.getByRole('menuitem', { name: 'Delete (Consentless) Lead' })
  expect(await action.getAttribute('aria-disabled')).toBe('true')
  expect(complaints).toEqual([])
})

const looks: { name: string; options: BrowserContextOptions }[] = [
  { name: 'light', options: {} },
  { name: 'dark', options: { colorScheme: 'dark' } },
  { name: 'narrow', options: { viewport: { width: 390, height: 800 } } },
]

test.each(looks)('two consents of one tenant are one customer, on each panel: $name', async ({ name, options }) => {
  const direct = await makeLead(`Pair ${name}`)
  const { tenantId } = direct
  await control('POST', '/consents', { operator: 'northwind', company: `Pair ${name}`, tenantId, countries: ['DE'] })
  await northwind.send('POST', '/api/v4/jobs/peering.sync-leads-job/runs')
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/leads/${direct.id}`, options)
  const panel = page.getByRole('dialog', { name: `Pair ${name}` })
  await expect.poll(async () => (await northwind.get(`/api/v4/leads?tenantId=${tenantId}`)).body.total).toBe(2)
  await page.reload()
  await panel.getByText('This tenant has 2 consents').waitFor()
  await panel.getByText('This page shows the consentless one.').waitFor()
  await settled(page)
  await picture(page, `pair-${name}`)
  expect(await violationsOf(page, '[role="dialog"]')).toEqual([])
  await panel.getByRole('link', { name: 'Open this lead' }).click()
  await panel.getByText('This page shows one that the customer gave.').waitFor()
  for (const part of ['Comments', 'Lead History']) {
    await panel.getByRole('tab', { name: new RegExp(`^${part}`) }).click()
    await panel
      .getByText(part === 'Comments' ? 'No comments yet' : 'The customer consented')
      .first()
      .waitFor()
    await settled(page)
    await picture(page, `${part.replace(' ', '-').toLowerCase()}-${name}`)
    expect(await violationsOf(page, '[role="dialog"]')).toEqual([])
  }
  await panel.getByRole('button', { name: 'Close' }).click()
  await settled(page)
  await picture(page, `list-${name}`)
  const dialog = await newLead(page)
  await settled(page)
  await picture(page, `new-lead-${name}`)
  expect(await violationsOf(page, '[role="dialog"]')).toEqual([])
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  expect(complaints).toEqual([])
})
