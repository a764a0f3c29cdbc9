import AxeBuilder from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Client, Json } from '../harness/client.ts'
import { NORTHWIND, type Portal, picture, rowsOf, settled, startPortal } from './harness/portal.ts'

// Mail to customers as people write it: by a template, shown before, sent once, and what became of it.

const ADMINISTRATOR = 'administrator@northwind.example'
let portal: Portal
let northwind: Client
let lead: { id: string; companyName: string; contact: { fullName: string; email: string } }
beforeAll(async () => {
  portal = await startPortal({ leads: 60 })
  northwind = await portal.leadline.as('northwind-api')
  const { body } = await northwind.get('/api/v4/leads?licensed=false&pageSize=60')
  lead = body.data.find(
    ({ isDirectLead, companyName, contact }: Json) =>
      !isDirectLead && companyName && contact.fullName && /^[\w.]+@/.test(contact.email),
  )
})
afterAll(() => portal?.close())

const mailbox = async (to: string): Promise<Json[]> =>
  (await portal.leadline.outside.control('GET', `/mailbox?limit=50&to=${encodeURIComponent(to)}`)).mails
const mailsOf = async (leadId: string): Promise<Json[]> =>
  (await northwind.get(`/api/v4/leads/${leadId}/mails`)).body.data
const dialogOf = (page: Page) => page.getByRole('dialog', { name: /^Mail / })
const panelOf = (page: Page) => page.getByRole('dialog', { name: lead.companyName })

/** With the mail as plain text: nothing can be asked of a frame without any rights. */
async function axe(page: Page): Promise<void> {
  await settled(page)
  const { violations } = await new AxeBuilder({ page }).include('[role="dialog"]').analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([])
}

/** The lead's panel, and the dialog from its menu. */
async function open(page: Page) {
  await panelOf(page)
    .getByRole('button', { name: /^What to do with / })
    .click()
  await page.getByRole('menuitem', { name: 'Mail the customer…' }).click()
  const dialog = dialogOf(page)
  await dialog.getByTitle('The mail, formatted').waitFor()
  return dialog
}

test('a template is shown as it will be sent, changed, sent once however often one clicks, and told in the history', async () => {
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/leads/${lead.id}`)
  const dialog = await open(page)
  const frame = dialog.frameLocator('iframe')
  await frame.getByText(`Hello ${lead.contact.fullName},`).waitFor()
  await settled(page)
  await picture(page, 'customer-mail')
  const body = dialog.getByRole('textbox', { name: 'Text', exact: true })
  await body.fill('Good day {{contactName}},\n\nsee https://northwind.example/start or call us.\n\n{{senderName}}')
  await frame.getByRole('link', { name: 'https://northwind.example/start' }).waitFor()
  await dialog.getByText('The text was changed for this mail; the template stays as it is.').waitFor()
  await dialog.getByRole('tab', { name: 'Plain text' }).click()
  const shown = await dialog.locator('pre').textContent()
  await axe(page)
  const send = dialog.getByRole('button', { name: 'Send 1 mail' })
  await send.dblclick()
  await page.getByText('A mail is on its way').first().waitFor()
  await expect.poll(async () => (await mailsOf(lead.id)).map(({ state }) => state)).toEqual(['sent'])
  const [mail] = await mailbox(lead.contact.email)
  expect(mail?.text.replaceAll('\r\n', '\n').trim()).toBe(shown?.trim())
  expect(mail?.html).toContain('<a href="https://northwind.example/start">')
  expect(mail?.html).not.toMatch(/<img|<script|style=/)
  await panelOf(page).getByRole('tab', { name: 'Mails' }).click()
  await panelOf(page).getByText('Sent', { exact: true }).waitFor()
  await panelOf(page).getByText('Template: We received your request').waitFor()
  await axe(page)
  await picture(page, 'customer-mail-sent')
  await panelOf(page).getByRole('tab', { name: 'Lead History' }).click()
  await panelOf(page)
    .getByText(new RegExp(`wrote a mail to ${lead.contact.email}`))
    .waitFor()
  expect(complaints).toEqual([])
})

test('an unknown variable, a wrong address and a hole are told before anything is sent', async () => {
  const before = (await mailsOf(lead.id)).length
  const { page } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/leads/${lead.id}`)
  const dialog = await open(page)
  const send = dialog.getByRole('button', { name: /^Send/ })
  const isDead = () => send.getAttribute('aria-disabled')
  await dialog.getByRole('textbox', { name: 'Subject' }).fill('For {{compnyName}}')
  await dialog.getByText('{{compnyName}} is no variable. Did you mean {{companyName}}?').waitFor()
  expect(await isDead()).toBe('true')
  await dialog.getByRole('textbox', { name: 'Subject' }).fill('For {{companyName}}')
  await dialog.getByRole('textbox', { name: 'Further address' }).fill('Ann <ann@contoso.example>')
  await dialog.getByRole('button', { name: 'Add' }).click()
  await dialog.getByText('Give one mail address alone').waitFor()
  await picture(page, 'customer-mail-wrong')
  await dialog.getByRole('button', { name: 'Remove Ann <ann@contoso.example>' }).click()
  await dialog.getByRole('textbox', { name: 'Text', exact: true }).fill('Your partner: {{channelName}}.')
  const value = dialog.getByRole('textbox', { name: 'The channel that the lead belongs to' })
  await value.waitFor()
  expect(await isDead()).toBe('true')
  await picture(page, 'customer-mail-missing')
  await value.fill('Riverside')
  await dialog.frameLocator('iframe').getByText('Your partner: Riverside.').waitFor()
  await expect.poll(isDead).not.toBe('true')
  expect(await mailsOf(lead.id)).toHaveLength(before)
})

test('a bounce says why in the words of the server, and is sent again', async () => {
  await portal.leadline.outside.control('PATCH', '/mailbox', { behaviour: 'bouncing' })
  const recipients = [{ address: 'bounce@contoso.example', name: 'Bo' }]
  const written = await northwind.send('POST', `/api/v4/leads/${lead.id}/mails`, {
    subject: 'Bounce',
    body: 'B',
    recipients,
  })
  expect(written.status).toBe(201)
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/leads/${lead.id}?part=mails`)
  const mail = panelOf(page).getByRole('listitem').filter({ hasText: 'Bounce' }).first()
  await mail.getByText('Bounced', { exact: true }).waitFor()
  await mail.getByText('there is no such mailbox here').waitFor()
  await picture(page, 'customer-mail-bounced')
  await portal.leadline.outside.control('PATCH', '/mailbox', { behaviour: 'normal' })
  await mail.getByRole('button', { name: 'Send again' }).click()
  await mail.getByText('Sent', { exact: true }).waitFor()
  expect(await mailbox('bounce@contoso.example')).toHaveLength(1)
  await panelOf(page).getByRole('tab', { name: 'Lead History' }).click()
  await panelOf(page).getByText('A mail to bounce@contoso.example came back').waitFor()
  expect(complaints).toEqual([])
})

test('templates are added, changed, deleted and restored', async () => {
  const { page } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/settings/mail`)
  const dialog = page.getByRole('dialog')
  await page.getByRole('button', { name: 'Add a template' }).click()
  await dialog.getByRole('textbox', { name: 'Name' }).fill('After the first call')
  await dialog.getByRole('textbox', { name: 'Subject' }).fill('As discussed')
  await dialog.getByRole('textbox', { name: 'Text', exact: true }).fill('Hello ')
  await dialog.getByRole('button', { name: 'Insert a variable' }).click()
  await page.getByRole('menuitem', { name: /contactName/ }).click()
  await expect
    .poll(() => dialog.getByRole('textbox', { name: 'Text', exact: true }).inputValue())
    .toBe('Hello {{contactName}}')
  await axe(page)
  await picture(page, 'mail-template')
  await dialog.getByRole('button', { name: 'Save' }).click()
  const table = page.getByRole('region', { name: 'Templates of mail to customers' })
  await table.getByRole('button', { name: 'After the first call', exact: true }).click()
  await dialog.getByRole('textbox', { name: 'Text', exact: true }).fill('Hello {{contactNmae}}')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await dialog.getByText('Did you mean {{contactName}}?').waitFor()
  await dialog.getByRole('button', { name: 'Cancel' }).click()
  await table.getByRole('button', { name: 'Delete When may we call you?' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('button', { name: 'Restore When may we call you?' }).click()
  await table.getByRole('button', { name: 'When may we call you?', exact: true }).waitFor()
  await table.scrollIntoViewIfNeeded()
  await picture(page, 'mail-templates')
})

test('many customers are written to by a task', async () => {
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/leads`)
  const rows = rowsOf(page)
  await rows.first().waitFor()
  await rows.nth(0).getByRole('checkbox').click()
  await rows.nth(1).getByRole('checkbox').click()
  const bar = page.getByRole('region', { name: 'What to do with the selected leads' })
  await bar.getByRole('button', { name: 'Mail', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Mail the customers of 2 leads' })
  await dialog.getByRole('combobox', { name: 'Template' }).selectOption({ label: 'None: my own text' })
  await dialog.getByRole('textbox', { name: 'Subject' }).fill('To many')
  await dialog.getByRole('textbox', { name: 'Text', exact: true }).fill('Hello from {{operatorName}}')
  await dialog.frameLocator('iframe').getByText('Hello from Northwind Voice').waitFor()
  await picture(page, 'customer-mail-many')
  await dialog.getByRole('button', { name: 'Write to 2 customers' }).click()
  await page.getByText('Started: Write to the customers of 2 leads').first().waitFor()
  const counts = async () => {
    const [task] = (await northwind.get('/api/v4/tasks?kind=leads.mail')).body.data
    return [task?.state, (task?.items?.succeeded ?? 0) + (task?.items?.failed ?? 0)]
  }
  await expect.poll(async () => (await counts())[1]).toBe(2)
  expect(complaints).toEqual([])
})

test('where mail is off the dialog says so and leads to the settings; in the dark and on a phone it fits', async () => {
  const { body: settings } = await northwind.get('/api/v4/mail/settings')
  const { host, port, tls, userName, senderName, senderAddress } = settings
  const set = (enabled: boolean) =>
    northwind.send('PUT', '/api/v4/mail/settings', { enabled, host, port, tls, userName, senderName, senderAddress })
  expect((await set(false)).status).toBe(200)
  const { page } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/leads/${lead.id}`, {
    colorScheme: 'dark',
    viewport: { width: 390, height: 844 },
  })
  const dialog = await open(page)
  await dialog.getByText('Mail is switched off for this operator').waitFor()
  expect(await dialog.getByRole('button', { name: /^Send/ }).getAttribute('aria-disabled')).toBe('true')
  await picture(page, 'customer-mail-off-narrow')
  await dialog.getByRole('tab', { name: 'Plain text' }).click()
  await axe(page)
  expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true)
  await dialog.getByRole('link', { name: 'Mail settings' }).click()
  await page.getByRole('heading', { name: 'Mail to customers', exact: true }).waitFor()
  expect((await set(true)).status).toBe(200)
})
