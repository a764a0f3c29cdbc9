import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { violationsOf } from './harness/axe.ts'
import { NORTHWIND, type Portal, picture, settled, startPortal, type Visit } from './harness/portal.ts'

const ADMINISTRATOR = 'administrator@northwind.example'
let portal: Portal
beforeAll(async () => {
  portal = await startPortal({ leads: 60 })
})
afterAll(() => portal?.close())

/** Every page, with what shows that it is there. */
const pages: { name: string; path: string; shows: (page: Page) => Promise<void> }[] = [
  {
    name: 'home',
    path: 'home',
    shows: (page) => page.getByRole('heading', { name: 'What is broken' }).waitFor(),
  },
  {
    name: 'notices',
    path: 'notices',
    shows: (page) => page.getByRole('switch', { name: 'Only unread' }).waitFor(),
  },
  { name: 'leads', path: 'leads', shows: (page) => page.getByRole('gridcell').first().waitFor() },
  { name: 'tenants', path: 'tenants', shows: (page) => page.getByRole('gridcell').first().waitFor() },
  {
    name: 'lead',
    path: 'tenants/691aa0bb-5396-4df6-97ad-83f82e4a64e2',
    shows: (page) => page.getByRole('dialog').getByText('Riverside IT').waitFor(),
  },
  { name: 'empty', path: 'leads?q=nobody-at-all', shows: (page) => page.getByText('Nothing matches').waitFor() },
  {
    name: 'missing-lead',
    path: 'leads/00000000-0000-4000-8000-000000000000',
    shows: (page) => page.getByText('There is no such lead here').first().waitFor(),
  },
  { name: 'services', path: 'services', shows: (page) => page.getByRole('gridcell').first().waitFor() },
  { name: 'licenses', path: 'licenses', shows: (page) => page.getByRole('cell').first().waitFor() },
  { name: 'sbcs', path: 'settings/sbcs', shows: (page) => page.getByRole('cell').first().waitFor() },
  {
    name: 'script-templates',
    path: 'settings/sbcs?tab=templates',
    shows: (page) => page.getByRole('cell').first().waitFor(),
  },
  {
    name: 'script-orders',
    path: 'settings/sbcs?tab=orders',
    shows: (page) => page.getByRole('heading', { name: 'Nothing to apply' }).waitFor(),
  },
  {
    name: 'calling-profiles',
    path: 'calling-profiles',
    shows: (page) => page.getByRole('heading', { name: 'Calling profiles' }).waitFor(),
  },
  { name: 'jobs', path: 'jobs', shows: (page) => page.getByRole('cell').first().waitFor() },
  {
    name: 'job',
    path: 'jobs/peering.sync-leads-job',
    shows: (page) => page.getByRole('dialog').getByText('Succeeded').first().waitFor(),
  },
  { name: 'activity', path: 'activity', shows: (page) => page.getByRole('gridcell').first().waitFor() },
  { name: 'microsoft', path: 'settings/microsoft', shows: (page) => page.getByLabel('Operator ID').waitFor() },
  { name: 'lead-settings', path: 'settings/leads', shows: (page) => page.getByRole('radio').first().waitFor() },
  { name: 'mail', path: 'settings/mail', shows: (page) => page.getByRole('button', { name: 'Send a test' }).waitFor() },
  { name: 'users', path: 'settings/users', shows: (page) => page.getByRole('cell').first().waitFor() },
  { name: 'clients', path: 'settings/clients', shows: (page) => page.getByRole('cell').first().waitFor() },
  {
    name: 'webhooks',
    path: 'settings/webhooks',
    shows: (page) => page.getByRole('heading', { name: 'No webhooks yet' }).waitFor(),
  },
  { name: 'permissions', path: 'settings/permissions', shows: (page) => page.getByRole('cell').first().waitFor() },
  { name: 'no-such-page', path: 'nowhere', shows: (page) => page.getByText('There is no such page').waitFor() },
]

describe.each([
  { colorScheme: 'light', width: 1280 },
  { colorScheme: 'dark', width: 1280 },
  { colorScheme: 'light', width: 768 },
] as const)('in $colorScheme, $width wide', ({ colorScheme, width }) => {
  let visit: Visit
  beforeAll(async () => {
    visit = await portal.visit(ADMINISTRATOR, '/', { colorScheme, viewport: { width, height: 900 } })
  })
  afterAll(() => visit?.context.close())

  test.each(pages)('$name: axe reports nothing, the page complains of nothing', async ({ name, path, shows }) => {
    const { page, complaints } = visit
    complaints.length = 0
    await page.goto(`${NORTHWIND}/${path}`)
    await shows(page)
    await settled(page)
    await picture(page, `${name}-${colorScheme}-${width}`)
    expect(await violationsOf(page)).toEqual([])
    expect(complaints).toEqual([])
  })
})

test('the sign-in page and the account in high contrast: axe reports nothing', async () => {
  const options = { contrast: 'more', viewport: { width: 1280, height: 900 } } as const
  const door = await portal.visit(null, '/sign-in', options)
  await door.page.getByLabel('Email').waitFor()
  await picture(door.page, 'sign-in-contrast')
  expect(await violationsOf(door.page)).toEqual([])
  const account = await portal.visit(ADMINISTRATOR, '/account', options)
  await account.page.getByText('This one').waitFor()
  await picture(account.page, 'account-contrast')
  expect(await violationsOf(account.page)).toEqual([])
})

test('the policy of the page lets nothing inline in, and nothing from elsewhere', async () => {
  const answer = await fetch(`${portal.leadline.baseUrl}${NORTHWIND}/leads?q=x`)
  const policy = answer.headers.get('content-security-policy') ?? ''
  expect(answer.status).toBe(200)
  expect(policy).toContain("default-src 'self'")
  expect(policy).not.toContain('unsafe')
  const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? ''
  expect(await answer.text()).toContain(`nonce="${nonce}"`)
  const again = await fetch(`${portal.leadline.baseUrl}/sign-in`)
  expect(again.headers.get('content-security-policy')).not.toContain(nonce)
})

test('the first page of the portal loads at most 350 kB of packed code', async () => {
  const { page } = await portal.visit(ADMINISTRATOR, '/account')
  // What is fetched once the rows are there does not belong to the first page, however late we look: the page keeps the time.
  await page.addInitScript(`
    const watch = new MutationObserver(() => {
      if (!document.querySelector('[role="gridcell"]')) return
      performance.mark('first-row')
      watch.disconnect()
    })
    watch.observe(document, { childList: true, subtree: true })
  `)
  await page.goto(`${NORTHWIND}/leads`)
  await page.waitForFunction(() => performance.getEntriesByName('first-row').length > 0)
  const sizes = await page.evaluate(() => {
    const [rows] = performance.getEntriesByName('first-row')
    return performance
      .getEntriesByType('resource')
      .filter((entry) => entry instanceof PerformanceResourceTiming)
      .filter(({ name, startTime }) => name.endsWith('.js') && startTime < (rows?.startTime ?? 0))
      .map(({ encodedBodySize }) => encodedBodySize)
  })
  expect(sizes.length).toBeGreaterThan(3)
  expect(sizes.every((size) => size > 0)).toBe(true)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(350_000)
})
