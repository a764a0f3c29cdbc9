import type { BrowserContextOptions, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, eventually, type Json } from '../harness/client.ts'
import { violationsOf } from './harness/axe.ts'
import { NORTHWIND, type Portal, picture, resultsOf, settled, startPortal } from './harness/portal.ts'

// Home, and the bell: what one sees of everything at a glance, and what one is told.

const ADMINISTRATOR = 'administrator@northwind.example'
const RESELLER = 'administrator@riverside.example'
let portal: Portal
let northwind: Client
beforeAll(async () => {
  portal = await startPortal({ leads: 120 })
  northwind = await portal.leadline.as('northwind-api')
  const ids: string[] = []
  for (const [daysAgo, countries] of Object.entries(PAST)) {
    const { id } = await consent(`Company of ${daysAgo} days ago`, { at: isoDaysAgo(Number(daysAgo)), countries })
    ids.push(id)
  }
  await syncUntil(ids.at(-1) ?? '')
  for (const id of ids.slice(0, 5)) {
    expect((await northwind.send('PUT', `/api/v4/leads/${id}/channel`, { channelId: 907 })).status).toBe(200)
  }
})
afterAll(() => portal?.close())

/** Consents of the last weeks, by the days since then. */
const PAST: Record<number, string[]> = {
  1: ['GB', 'DE'],
  2: ['GB'],
  9: ['GB', 'FR'],
  10: ['DE'],
  16: ['GB'],
  24: ['US', 'GB'],
  31: ['DE', 'FR', 'IT'],
  38: ['GB'],
  45: ['GB', 'IE'],
}
const isoDaysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().replace('Z', '0000Z')

const consent = (company: string, more: object = {}): Promise<Json> =>
  portal.leadline.outside.control('POST', '/consents', { operator: 'northwind', company, countries: ['GB'], ...more })

async function syncUntil(leadId: string): Promise<void> {
  await eventually(
    async () => {
      await northwind.send('POST', '/api/v4/jobs/peering.sync-leads-job/runs')
      return northwind.get(`/api/v4/leads/${leadId}`)
    },
    ({ status }) => status === 200,
    60,
  )
}

async function axe(page: Page): Promise<void> {
  // A tooltip is no part of the page.
  await page.mouse.move(700, 880)
  await page.getByRole('tooltip').waitFor({ state: 'detached' })
  await settled(page)
  expect(await violationsOf(page)).toEqual([])
}

const cardOf = (page: Page, name: string) => page.getByRole('region', { name })
/** The number that a picture names first: "17 leads". */
const leadsIn = (words: string | null) => Number(/: ([\d,.]+) leads?/.exec(words ?? '')?.[1]?.replace(/\D/g, ''))
const bellOf = (page: Page) => page.getByRole('banner').getByRole('button', { name: /^Notices/ })
const panelOf = (page: Page) => page.getByRole('dialog', { name: 'Notices' })

const LOOKS: [string, BrowserContextOptions][] = [
  ['light', {}],
  ['dark', { colorScheme: 'dark' }],
  ['contrast', { contrast: 'more' }],
  ['narrow', { viewport: { width: 390, height: 844 } }],
]
test.each(LOOKS)('Home answers four questions: %s', async (name, options) => {
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/home`, options)
  for (const question of ['What came in', 'What waits for you', 'What is broken', 'From consent to channel']) {
    await cardOf(page, question).waitFor()
  }
  await axe(page)
  await picture(page, `home-${name}`)
  if (name === 'light') await tables(page)
  expect(complaints).toEqual([])
})

/** Every picture is a table too. */
async function tables(page: Page): Promise<void> {
  for (const title of ['What came in', 'From where', 'From consent to channel']) {
    const card = cardOf(page, title)
    await card.getByRole('button', { name: `Show as a table: ${title}` }).click()
    await card.getByRole('table').waitFor()
  }
  await axe(page)
  await picture(page, 'home-tables')
}

test('a column and a country lead to the leads that they count', async () => {
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/home`)
  const follow = async (link: Locator) => {
    const counted = leadsIn(await link.getAttribute('title'))
    expect(counted).toBeGreaterThan(0)
    await link.click()
    await page.getByRole('treegrid').waitFor()
    // Those with a license are in the other tab.
    await expect.poll(async () => (await resultsOf(page)) + (await tenantsOf(page))).toBe(counted)
    await page.goBack()
    await cardOf(page, 'What came in').waitFor()
  }
  await follow(cardOf(page, 'From where').getByRole('link').first())
  const weeks = cardOf(page, 'What came in').getByRole('list', { name: 'Leads by the week of their consent' })
  await follow(weeks.getByRole('link', { name: /: [1-9][\d,.]* leads?/ }).last())
  // By keys: one stop for all of them, arrows between.
  const links = weeks.getByRole('link')
  const focused = () => weeks.locator('a:focus').getAttribute('title')
  await links.last().focus()
  await page.keyboard.press('Home')
  await expect.poll(focused).toBe(await links.first().getAttribute('title'))
  await page.keyboard.press('ArrowRight')
  await expect.poll(focused).toBe(await links.nth(1).getAttribute('title'))
  expect(complaints).toEqual([])
})

async function tenantsOf(page: Page): Promise<number> {
  const text = await page.getByRole('tab', { name: /^Tenants/ }).textContent()
  return Number(text?.replace(/\D/g, '') || 0)
}

test('what waits leads to its list, with a filter that can be seen and removed', async () => {
  const { page } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/home`)
  const waiting = cardOf(page, 'What waits for you').getByRole('link', { name: 'Active leads without a channel' })
  const count = Number((await waiting.textContent())?.replace(/\D/g, ''))
  await waiting.click()
  await expect.poll(() => resultsOf(page)).toBe(count)
  await page.getByRole('button', { name: 'Remove the filter Channel Name' }).click()
  await expect.poll(() => new URL(page.url()).searchParams.get('channel')).toBeNull()
})

test('an operator that is not connected is told what to do next', async () => {
  const { page, complaints } = await portal.visit('platform@leadline.example', '/operators')
  const made = await page.request.post('/api/v4/operators', {
    data: { name: 'Lakeside Telecom', operatorId: 4_711 },
    headers: { 'x-leadline-csrf': '1' },
  })
  expect(made.status()).toBe(201)
  await page.goto('/operators/4711/home')
  await page.getByRole('heading', { name: 'What is broken' }).waitFor()
  await cardOf(page, 'What is broken').getByText('Microsoft is not connected').waitFor()
  await axe(page)
  await picture(page, 'home-empty')
  await page.getByRole('link', { name: 'Connect' }).first().click()
  await expect.poll(() => new URL(page.url()).pathname).toBe('/operators/4711/settings/microsoft')
  expect(complaints).toEqual([])
})

test('a new lead rings the bell of whoever may see it, by itself; reading is of each person', {
  timeout: 180_000,
}, async () => {
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/home`)
  const read = page.getByRole('button', { name: 'Notices', exact: true })
  const reseller = await portal.visit(RESELLER, `${NORTHWIND}/leads`)
  // The leads of the last weeks came just now: one line for all of them.
  await bellOf(page).click()
  await panelOf(page)
    .getByText(/\d+ new leads$/)
    .first()
    .waitFor()
  await panelOf(page).getByRole('button', { name: 'Mark all as read' }).click()
  await page.keyboard.press('Escape')
  await read.waitFor()
  const lead = await consent('Tailspin Toys')
  await syncUntil(lead.id)
  await page.getByRole('button', { name: 'Notices, 1 unread' }).waitFor()
  await bellOf(page).click()
  // By itself in its line, or the first name of those of this hour.
  const link = panelOf(page).getByRole('link', { name: 'Tailspin Toys' })
  await link.waitFor()
  await axe(page)
  await picture(page, 'bell')
  await link.click()
  await page.getByRole('dialog', { name: 'Tailspin Toys' }).waitFor()
  await read.waitFor()

  // The channel hears of it when it is given the lead, and only of that.
  expect((await northwind.send('PUT', `/api/v4/leads/${lead.id}/channel`, { channelId: 907 })).status).toBe(200)
  await bellOf(reseller.page).click()
  await panelOf(reseller.page).getByRole('link', { name: 'Tailspin Toys' }).waitFor()
  await panelOf(reseller.page).getByRole('button', { name: 'Mark all as read' }).click()
  await panelOf(reseller.page).getByRole('link', { name: 'Show all' }).click()
  await reseller.page.getByRole('button', { name: 'Notices', exact: true }).waitFor()
  const listed = reseller.page.getByRole('main').getByRole('list', { name: 'Notices' })
  await listed
    .getByText(/for your channel/)
    .first()
    .waitFor()
  expect(await listed.getByText(/[Nn]ew lead/).count()).toBe(0)
  await picture(reseller.page, 'notices')
  await reseller.page.getByRole('switch', { name: 'Only unread' }).click()
  await reseller.page.getByText('You have read everything').waitFor()
  await axe(reseller.page)
  expect([...complaints, ...reseller.complaints]).toEqual([])
})
