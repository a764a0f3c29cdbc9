import { mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Json } from '../harness/client.ts'
import { runNow } from '../harness/runs.ts'
import { NORTHWIND, type Portal, rowsOf, settled, startPortal } from './harness/portal.ts'

// The pictures of README and docs: npm run screenshots. The same seed, size and clock words each time.

const ADMINISTRATOR = 'administrator@northwind.example'
const folder = process.env.LEADLINE_PICTURES ?? ''
const SIZE = { width: 1280, height: 760 }
const LEAD = '691aa0bb-5396-4df6-97ad-83f82e4a64e2'

let portal: Portal
beforeAll(async () => {
  portal = await startPortal({ leads: 250, env: { LEADLINE_SYNC_INTERVAL_SECONDS: '15' } })
  mkdirSync(folder, { recursive: true })
  for (const name of readdirSync(folder)) if (name.endsWith('.png')) rmSync(join(folder, name))
})
afterAll(() => portal?.close())

type Picture = {
  name: string
  path: string
  person?: string | null
  options?: BrowserContextOptions
  ready: (page: Page) => Promise<unknown>
}

const rows = (page: Page) => rowsOf(page).nth(3).waitFor()

// First what would show that the others were made.
const pictures: Picture[] = [
  { name: 'activity', path: `${NORTHWIND}/activity`, ready: (page) => page.getByRole('gridcell').first().waitFor() },
  { name: 'leads', path: `${NORTHWIND}/leads`, ready: rows },
  { name: 'leads-dark', path: `${NORTHWIND}/leads`, options: { colorScheme: 'dark' }, ready: rows },
  {
    name: 'leads-narrow',
    path: `${NORTHWIND}/leads`,
    options: { viewport: { width: 480, height: 760 } },
    ready: rows,
  },
  {
    name: 'lead',
    path: `${NORTHWIND}/tenants/${LEAD}`,
    ready: (page) => page.getByRole('dialog').getByText('Riverside IT').waitFor(),
  },
  {
    name: 'jobs',
    path: `${NORTHWIND}/jobs`,
    options: { viewport: { width: 1280, height: 420 } },
    ready: (page) => page.getByText('Succeeded').first().waitFor(),
  },
  {
    name: 'connection',
    path: `${NORTHWIND}/settings/microsoft`,
    options: { viewport: { width: 1280, height: 960 } },
    ready: async (page) => {
      await page.getByRole('button', { name: 'Test connection' }).click()
      await page.getByText('The connection works.').waitFor()
    },
  },
  {
    name: 'permissions',
    path: `${NORTHWIND}/settings/permissions`,
    ready: (page) => page.getByRole('cell').first().waitFor(),
  },
  { name: 'sign-in', path: '/sign-in', person: null, ready: (page) => page.getByLabel('Email').waitFor() },
  // The last ones, since services and leads come with them.
  { name: 'services', path: `${NORTHWIND}/services`, ready: showServices },
  { name: 'service', path: `${NORTHWIND}/services`, ready: showService },
  {
    name: 'sbcs',
    path: `${NORTHWIND}/settings/sbcs`,
    options: { viewport: { width: 1280, height: 420 } },
    ready: (page) => page.getByRole('cell').first().waitFor(),
  },
  { name: 'webhook', path: `${NORTHWIND}/settings/webhooks`, ready: showWebhook },
  { name: 'home', path: `${NORTHWIND}/home`, options: { viewport: { width: 1280, height: 840 } }, ready: showHome },
]

const SERVICES = ['Adatum', 'Alpine', 'Bellows', 'Fourth', 'Lamna', 'Relecloud', 'Proseware', 'Wingtip']

/** Services that have just been made, every other one of them with a SIP connection of its own on an SBC. */
async function showServices(page: Page): Promise<void> {
  const northwind = await portal.leadline.as('northwind-api')
  const query = 'licensed=false&status=Active&isDirectLead=false&channelId=0&pageSize=50'
  const leads: Json[] = (await northwind.get(`/api/v4/leads?${query}`)).body.data
  const sbcId = (await northwind.get('/api/v4/sbcs')).body.data[0].id
  for (const [n, shortName] of SERVICES.entries()) {
    const advanced = n % 2 === 0 ? { sbcId, proxySet: 'Customers' } : null
    await northwind.send('POST', `/api/v4/leads/${leads[n].id}/license`, { shortName, advanced })
  }
  for (const shortName of SERVICES) {
    await expect
      .poll(async () => (await northwind.get(`/api/v4/services?q=${shortName}`)).body.data[0]?.state)
      .toBe('Active')
  }
  await page.reload()
  await page.getByRole('gridcell', { name: 'Wingtip', exact: true }).waitFor()
}

async function showService(page: Page): Promise<void> {
  await page.getByRole('gridcell', { name: 'Adatum', exact: true }).click()
  const panel = page.getByRole('dialog')
  await panel.getByRole('tab', { name: 'SIP Connections' }).click()
  await panel.getByRole('button', { name: 'Add SIP Connection' }).waitFor()
}

/** Home with leads of the last weeks, some of them given to a channel. */
async function showHome(page: Page): Promise<void> {
  const northwind = await portal.leadline.as('northwind-api')
  const countries = ['GB', 'DE', 'FR', 'IE', 'US', 'NL', 'IT', 'ES', 'AT']
  const ids: string[] = []
  for (let n = 0; n < 60; n += 1) {
    const daysAgo = (n * n) / 50 + 0.2
    const at = new Date(Date.now() - daysAgo * 86_400_000).toISOString().replace('Z', '0000Z')
    const chosen = countries.filter((_, index) => (n * 7 + index * 5) % (index + 2) === 0).slice(0, 3)
    const consent = { operator: 'northwind', company: `Company ${n + 1}`, countries: chosen, at }
    ids.push((await portal.leadline.outside.control('POST', '/consents', consent)).id)
  }
  await runNow(northwind)
  for (const leadId of ids.filter((_, n) => n % 3 > 0)) {
    await northwind.send('PUT', `/api/v4/leads/${leadId}/channel`, { channelId: 907 })
  }
  await page.reload()
  await page.getByText(/^Half of them took at most/).waitFor()
  await page.getByRole('button', { name: /^Notices, \d+ unread/ }).waitFor()
}

/** A webhook that has delivered something, and had to try again. */
async function showWebhook(page: Page): Promise<void> {
  const { control, simulator } = portal.leadline.outside
  const northwind = await portal.leadline.as('northwind-api')
  const url = `${simulator.url}/webhooks/crm`
  const events = ['lead.created', 'lead.countries-changed', 'lead.removed']
  await northwind.send('POST', '/api/v4/webhooks', { name: 'CRM', url, events })
  await control('PATCH', '/receivers/crm', { behaviour: 'status', status: 503, times: 1 })
  for (const company of ['Tailspin Toys', 'Wingtip Voice', 'Litware Phones']) {
    await control('POST', '/consents', { operator: 'northwind', company, countries: ['GB'] })
    await runNow(northwind)
  }
  await page.getByRole('link', { name: 'CRM' }).click()
  await page.getByText('2 attempts').waitFor({ timeout: 30_000 })
  await page.getByRole('dialog').getByText('Works').waitFor()
  await page.getByText('1 waiting').first().waitFor({ state: 'detached' })
  // The port is another one in each run.
  await page.evaluate(`(() => {
    for (const cell of document.querySelectorAll('td'))
      if (cell.textContent.startsWith('127.')) cell.textContent = 'crm.example.com'
  })()`)
}

test.each(pictures)('$name', async ({ name, path, person = ADMINISTRATOR, options, ready }) => {
  const { page, context, complaints } = await portal.visit(person, path, { viewport: SIZE, ...options })
  await ready(page)
  await settled(page)
  await page.evaluate(FIXED_WORDS)
  const picture = await page.screenshot({ path: join(folder, `${name}.png`) })
  expect(complaints).toEqual([])
  expect(picture.length).toBeLessThan(150_000)
  await context.close()
})

// In the page: what has just happened happened a while ago, the same in each run. And nothing is pointed at.
const FIXED_WORDS = `(() => {
  for (const time of document.querySelectorAll('time'))
    if (Math.abs(Date.now() - new Date(time.dateTime)) < 86_400_000 && /ago|now|in /.test(time.textContent))
      time.textContent = new Date(time.dateTime) > Date.now() ? 'in 5 min.' : '2 min. ago'
  document.activeElement?.blur()
})()`
