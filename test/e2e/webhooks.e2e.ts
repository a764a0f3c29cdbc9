import AxeBuilder from '@axe-core/playwright'
import type { Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually, type Json } from '../harness/client.ts'
import { runNow } from '../harness/runs.ts'
import { NORTHWIND, type Portal, picture, settled, startPortal } from './harness/portal.ts'

// Webhooks as people meet them, against the receivers of the simulator. Source: issue 6, 2 and 3; seed 000, Webhook.

const ADMINISTRATOR = 'administrator@northwind.example'
const MONITOR = 'monitor@northwind.example'
const WEBHOOKS = `${NORTHWIND}/settings/webhooks`

let portal: Portal
let hook: (name: string) => string
let receiver: (name: string) => Promise<Json>
beforeAll(async () => {
  portal = await startPortal({ leads: 30 })
  const { control, simulator } = portal.leadline.outside
  hook = (name) => `${simulator.url}/webhooks/${name}`
  receiver = (name) => control('GET', `/receivers/${name}`)
})
afterAll(() => portal?.close())

const behave = (name: string, how: object) => portal.leadline.outside.control('PATCH', `/receivers/${name}`, how)

async function consent(company: string): Promise<void> {
  const northwind = await portal.leadline.as('northwind-api')
  await portal.leadline.outside.control('POST', '/consents', { operator: 'northwind', company, countries: ['GB'] })
  await runNow(northwind)
}

async function axe(page: Page): Promise<void> {
  await settled(page)
  // Short messages come and go over the page, outside of its regions, and are read aloud by one of their own.
  const builder = new AxeBuilder({ page }).exclude('[data-tabster-dummy]').exclude('.fui-ToastContainer')
  const { violations } = await builder.analyze()
  expect(violations.map(({ id, nodes }) => [id, nodes.slice(0, 3).map(({ html }) => html.slice(0, 200))])).toEqual([])
}

const secretIn = async (panel: Locator) => (await panel.getByText(/^whsec_/).textContent()) ?? ''

test('the empty page says what a webhook is for; a complete one is made, its secret shown once, and tested', async () => {
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/leads`)
  await page.getByRole('link', { name: 'Webhooks' }).click()
  await page.getByRole('heading', { name: 'No webhooks yet' }).waitFor()
  await picture(page, 'webhooks-empty')
  await axe(page)
  await page.getByRole('button', { name: 'Create webhook' }).click()
  const panel = page.getByRole('dialog', { name: 'New webhook' })
  await panel.getByLabel('Name').fill('CRM')
  await panel.getByLabel('HTTP Post URL').fill(`${hook('crm')}?key=hush`)
  await panel.getByLabel('Header Key').fill('X-Api-Key')
  await panel.getByLabel('Header Value').fill('opens-the-door')
  for (const event of ['New lead', 'Countries changed', 'Lead removed'])
    await panel.getByRole('checkbox', { name: event, exact: true }).check()
  await panel.getByText('What is sent: Countries changed').click()
  await panel.getByRole('region', { name: 'What is sent: Countries changed' }).getByText('"added"').waitFor()
  await picture(page, 'webhook-new')
  await axe(page)
  await panel.getByRole('button', { name: 'Create webhook' }).click()

  const made = page.getByRole('dialog', { name: 'CRM' })
  await made.getByText('Shown this once').waitFor()
  expect(new URL(page.url()).search).toBe('?part=test')
  await behave('crm', { secret: await secretIn(made) })
  await made.getByRole('button', { name: 'Send test' }).click()
  await made.getByText('The receiver has taken it.').waitFor()
  await made.getByText(/"taken": true/).waitFor()
  await picture(page, 'webhook-tested')
  await axe(page)
  const { arrivals } = await receiver('crm')
  expect(arrivals[0]).toMatchObject({ signature: 'good', headers: { 'x-api-key': 'opens-the-door' } })
  // Neither the value of the header nor the key in the address is shown, and the secret only this once.
  expect(await page.content()).not.toMatch(/opens-the-door|hush/)
  await page.keyboard.press('Escape')
  await page.getByRole('link', { name: 'CRM' }).click()
  await made.getByRole('list').getByText('Test', { exact: true }).waitFor()
  expect(await page.content()).not.toContain('whsec_')
  expect(complaints).toEqual([])
})

test('the log says what was delivered and why not; one event and a time range are sent again', async () => {
  const { page, complaints } = await portal.visit(ADMINISTRATOR, WEBHOOKS)
  await behave('crm', { behaviour: 'status', status: 503, times: 2 })
  await consent('Tailspin Toys')
  await page.getByRole('link', { name: 'CRM' }).click()
  const panel = page.getByRole('dialog', { name: 'CRM' })
  await panel.getByText('Deliveries are failing', { exact: false }).first().waitFor()
  await panel.getByText('The receiver answered 503', { exact: false }).first().waitFor()
  await picture(page, 'webhook-failing')
  await axe(page)
  await panel.getByRole('link', { name: 'New lead' }).click()
  await panel.getByText('Attempt 1').waitFor()
  await panel
    .getByText(/must answer 2xx/)
    .first()
    .waitFor()
  // What waits goes now; the receiver answers well by then.
  await behave('crm', { behaviour: 'ok' })
  await panel.getByRole('button', { name: 'Send now' }).click()
  await panel.getByRole('button', { name: 'Send again' }).waitFor()
  await panel.getByText('"companyName": "Tailspin Toys"').waitFor()
  await axe(page)
  await picture(page, 'webhook-delivery')
  const before = (await receiver('crm')).counters
  await panel.getByRole('button', { name: 'Send again' }).click()
  await eventually(
    () => receiver('crm'),
    ({ counters }) => counters.requests > before.requests && counters.distinct === before.distinct,
  )

  await panel.getByRole('link', { name: 'All deliveries' }).click()
  await panel.getByRole('button', { name: 'Send a time range again' }).click()
  const dialog = page.getByRole('dialog', { name: 'Send a time range again' })
  await dialog.getByLabel('To').fill('2020-01-01T00:00')
  await dialog.getByText('The range must end after it begins.').waitFor()
  await page.keyboard.press('Escape')
  await panel.getByRole('button', { name: 'Send a time range again' }).click()
  await dialog.getByRole('radio', { name: /^Everything/ }).check()
  await axe(page)
  await picture(page, 'webhook-replay')
  await dialog.getByRole('button', { name: 'Send again' }).click()
  await page
    .getByText(/\d+ events? (is|are) sent again/)
    .first()
    .waitFor()
  expect(complaints).toEqual([])
})

test('what is wrong is said at its field, changes keep what is sealed, pause and resume say what happens', async () => {
  const { page, complaints } = await portal.visit(ADMINISTRATOR, WEBHOOKS)
  await page.getByRole('link', { name: 'CRM' }).click()
  const panel = page.getByRole('dialog', { name: 'CRM' })
  await panel.getByRole('tab', { name: 'Settings' }).click()
  // With its path and key hidden; whoever leaves it as it is shown keeps it.
  const shown = await panel.getByLabel('HTTP Post URL').inputValue()
  expect(shown).not.toContain('crm')
  await panel.getByLabel('Header Key').fill('Host')
  await panel.getByText('A header with another name needs its value again.').waitFor()
  await panel.getByLabel('Header Value').fill('x')
  await panel.getByRole('button', { name: 'Save' }).click()
  await panel.getByText('The header Host is not for you to set.').first().waitFor()
  await panel.getByLabel('Header Key').fill('X-Api-Key')
  await panel.getByLabel('Header Value').fill('')
  await panel.getByLabel('HTTP Post URL').fill('http://10.0.0.1/hook')
  await panel.getByText('Enter the value again: with another address', { exact: false }).waitFor()
  await panel.getByLabel('Header Value').fill('x')
  await panel.getByRole('button', { name: 'Save' }).click()
  await panel.getByRole('textbox', { name: 'HTTP Post URL' }).and(page.locator(':focus')).waitFor()
  await picture(page, 'webhook-refused')
  await panel.getByLabel('Header Value').fill('')
  await panel.getByLabel('HTTP Post URL').fill(shown)
  await panel.getByLabel('Name').fill('CRM of the north')
  await panel.getByRole('button', { name: 'Save' }).click()
  await page.getByText('CRM of the north is saved').first().waitFor()
  await picture(page, 'webhook-settings')
  await axe(page)

  const renamed = page.getByRole('dialog', { name: 'CRM of the north' })
  await renamed.getByRole('button', { name: 'Make a new secret' }).click()
  await secretIn(renamed)
  await renamed.getByText(/^Two signatures until/).waitFor()
  await renamed.getByRole('button', { name: 'Pause webhook' }).click()
  await renamed.getByText('Paused by hand', { exact: false }).first().waitFor()
  await consent('Wingtip Voice')
  await renamed.getByText('1 event waits.', { exact: false }).first().waitFor()
  await picture(page, 'webhook-paused')
  await axe(page)
  const before = (await receiver('crm')).counters.distinct
  await renamed.getByRole('button', { name: 'Resume', exact: true }).click()
  await eventually(
    () => receiver('crm'),
    ({ counters }) => counters.distinct > before,
  )
  // The header was kept although its value never came back.
  expect((await receiver('crm')).arrivals[0].headers['x-api-key']).toBe('opens-the-door')
  // The two refusals, which the browser reports of its own accord.
  expect(complaints.filter((text) => !text.includes('status of 400'))).toEqual([])
})

test('who runs the receiver ends it with 410: the page says so and what to do; deleting names what is lost', async () => {
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${WEBHOOKS}/new?kind=simple`)
  await page.getByLabel('HTTP Post URL').fill(hook('old'))
  await page.getByRole('dialog').getByRole('button', { name: 'Create webhook' }).click()
  const panel = page.getByRole('dialog', { name: 'New leads' })
  await panel.getByRole('button', { name: 'Send test' }).waitFor()
  await behave('old', { behaviour: 'status', status: 410 })
  await consent('Litware Phones')
  await panel.getByText('Paused: the receiver answered 410', { exact: false }).first().waitFor()
  await picture(page, 'webhook-gone')
  await axe(page)
  await panel.getByRole('tab', { name: 'Settings' }).click()
  await panel.getByRole('button', { name: 'Delete webhook' }).click()
  const ask = page.getByRole('alertdialog', { name: 'Delete New leads?' })
  await ask.getByText('The log of its deliveries').waitFor()
  await ask.getByText('1 event that waits is never sent').waitFor()
  await settled(page)
  await picture(page, 'webhook-delete')
  await ask.getByRole('button', { name: 'Delete webhook' }).click()
  await page.getByText('New leads is deleted').first().waitFor()
  await page.getByRole('link', { name: 'New leads' }).waitFor({ state: 'detached' })
  await page.goto(`${WEBHOOKS}/00000000-0000-4000-8000-000000000000`)
  await page.getByText('There is no such webhook here').waitFor()
  expect(complaints).toEqual([])
})

test('on Qualify Leads the three fields of the seed set a webhook for every new lead', async () => {
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/leads`)
  await page.getByRole('button', { name: 'Webhook' }).click()
  const dialog = page.getByRole('dialog', { name: 'Webhook' })
  await dialog.getByLabel('HTTP Post URL').fill(hook('new-leads'))
  await dialog.getByLabel('Header Value').fill('the-key')
  await dialog.getByText('A value without a name', { exact: false }).waitFor()
  await dialog.getByLabel('Header Key').fill('X-Key')
  await axe(page)
  await picture(page, 'webhook-simple')
  await dialog.getByRole('button', { name: 'Set webhook' }).click()
  await dialog.getByText(/Every new lead is sent to 127\.0\.0\.1/).waitFor()
  await axe(page)
  await dialog.getByRole('button', { name: 'Close' }).click()
  await consent('Adatum Calls')
  const { arrivals } = await eventually(
    () => receiver('new-leads'),
    (seen) => seen.arrivals.length > 0,
  )
  expect(arrivals[0]).toMatchObject({ signature: 'missing', headers: { 'x-key': 'the-key' } })
  expect(JSON.parse(arrivals[0].body)).toMatchObject({ type: 'lead.created' })
  await page.getByRole('button', { name: 'Webhook' }).click()
  await dialog.getByText('Every new lead goes to these already:').waitFor()
  await dialog.getByRole('link', { name: 'New leads' }).click()
  await page.getByRole('dialog', { name: 'New leads' }).getByRole('link', { name: 'New lead' }).waitFor()
  expect(complaints).toEqual([])
})

test('keys alone open, read and close; the focus goes back to the row', async () => {
  const { page } = await portal.visit(ADMINISTRATOR, WEBHOOKS)
  await page.getByRole('link', { name: 'CRM of the north' }).focus()
  await page.keyboard.press('Enter')
  const panel = page.getByRole('dialog', { name: 'CRM of the north' })
  await panel.getByRole('list').waitFor()
  await page.keyboard.press('ArrowUp')
  await page.getByRole('dialog', { name: 'New leads' }).waitFor()
  await page.keyboard.press('ArrowDown')
  await panel.getByRole('tab', { name: 'Deliveries' }).focus()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  expect(new URL(page.url()).search).toBe('?part=settings')
  await page.keyboard.press('Escape')
  await panel.waitFor({ state: 'detached' })
  expect(await page.evaluate('document.activeElement.textContent')).toBe('CRM of the north')
})

test('who may only look changes nothing and sees no way to; a narrow and a dark screen show all of it', async () => {
  const monitor = await portal.visit(MONITOR, WEBHOOKS, { colorScheme: 'dark' })
  await monitor.page.getByRole('link', { name: 'CRM of the north' }).waitFor()
  await picture(monitor.page, 'webhooks-dark')
  await axe(monitor.page)
  await monitor.page.getByRole('link', { name: 'CRM of the north' }).click()
  await monitor.page.getByRole('tab', { name: 'Settings' }).click()
  const panel = monitor.page.getByRole('dialog', { name: 'CRM of the north' })
  expect(await panel.getByLabel('Name').getAttribute('readonly')).not.toBeNull()
  expect(await panel.getByRole('button', { name: 'Delete webhook' }).getAttribute('aria-disabled')).toBe('true')
  await axe(monitor.page)
  await picture(monitor.page, 'webhook-monitor-dark')
  await monitor.page.goto(`${NORTHWIND}/leads`)
  await monitor.page.getByRole('gridcell').first().waitFor()
  expect(await monitor.page.getByRole('button', { name: 'Webhook' }).count()).toBe(0)

  const phone = await portal.visit(ADMINISTRATOR, WEBHOOKS, { viewport: { width: 390, height: 800 } })
  await phone.page.getByRole('link', { name: 'CRM of the north' }).waitFor()
  await picture(phone.page, 'webhooks-390')
  await axe(phone.page)
  await phone.page.getByRole('link', { name: 'CRM of the north' }).click()
  await phone.page.getByRole('list').getByRole('link').first().waitFor()
  await settled(phone.page)
  await picture(phone.page, 'webhook-390')
  await axe(phone.page)
  expect(await phone.page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390)
})

test('a channel sees and makes its own webhooks only', async () => {
  const { page, complaints } = await portal.visit('administrator@riverside.example', `${WEBHOOKS}/new`)
  const panel = page.getByRole('dialog', { name: 'New webhook' })
  await panel.getByRole('checkbox', { name: 'Lead given to a channel' }).waitFor()
  expect(await page.getByRole('link', { name: 'CRM of the north' }).count()).toBe(0)
  expect(await panel.getByRole('checkbox', { name: 'Sync failed' }).count()).toBe(0)
  expect(await panel.getByLabel('Tells of').count()).toBe(0)
  expect(complaints).toEqual([])
})
