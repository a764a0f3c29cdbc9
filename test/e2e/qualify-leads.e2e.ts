import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../harness/client.ts'
import { NORTHWIND, type Portal, picture, resultsOf, rowsOf, startPortal } from './harness/portal.ts'

const ADMINISTRATOR = 'administrator@northwind.example'
let portal: Portal
beforeAll(async () => {
  // The interval of a sandbox: a change at Microsoft is seen within it and two seconds (design/decisions.md).
  portal = await startPortal({ leads: 300, env: { LEADLINE_SYNC_INTERVAL_SECONDS: '5' } })
})
afterAll(() => portal?.close())

test('the list has the columns of the seed, the newest consent first, and each lead in exactly one tab', async () => {
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/leads`)
  await rowsOf(page).first().waitFor()
  const heads = await page.getByRole('columnheader').allTextContents()
  // The first chooses rows.
  expect(heads.slice(1, 11)).toEqual([
    'Contact',
    'Company Name',
    'Size',
    'Market',
    'Microsoft Status',
    'License Type',
    'Tenant ID',
    'Consented On',
    'Last Modified',
    'Channel Name',
  ])
  expect(await page.getByRole('columnheader', { name: 'Consented On' }).getAttribute('aria-sort')).toBe('descending')
  await picture(page, 'leads')
  const newLeads = await resultsOf(page)
  await page.getByRole('tab', { name: /^Tenants/ }).click()
  await page.getByRole('treegrid', { name: 'Tenants' }).waitFor()
  expect(page.url()).toContain(`${NORTHWIND}/tenants`)
  await eventually(
    () => resultsOf(page),
    (tenants) => tenants !== newLeads,
  )
  expect(newLeads + (await resultsOf(page))).toBe(300)
  await picture(page, 'tenants')
  expect(complaints).toEqual([])
})

test('what is asked for before the code is there is what the page needs, and is not asked for twice', async () => {
  const { page } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/jobs`)
  await page.getByRole('heading', { name: 'Jobs' }).first().waitFor()
  for (const list of ['leads', 'tenants']) {
    // What the page before still asks for does not count.
    await page.goto('about:blank')
    const asked: string[] = []
    page.on('request', (request) => {
      asked.push(new URL(request.url()).pathname + new URL(request.url()).search)
    })
    await page.goto(`${NORTHWIND}/${list}`)
    await rowsOf(page).first().waitFor()
    const [me, first] = asked.filter((path) => path.startsWith('/api/'))
    expect(me).toBe('/api/v4/me')
    expect(asked.filter((path) => path === '/api/v4/me')).toHaveLength(1)
    expect(first).toMatch(/^\/api\/v4\/leads\?/)
    expect(asked.filter((path) => path === first)).toHaveLength(1)
  }
})

test('a search narrows from the first letters on and is in the address', async () => {
  const { page } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/leads`)
  await rowsOf(page).first().waitFor()
  const all = await resultsOf(page)
  const company = (await rowsOf(page).nth(3).getByRole('gridcell').nth(2).textContent()) ?? ''
  await page.getByRole('searchbox', { name: 'Search leads' }).pressSequentially(company.slice(0, 6), { delay: 30 })
  await eventually(
    () => resultsOf(page),
    (count) => count > 0 && count < all,
  )
  await eventually(
    async () => new URL(page.url()).searchParams.get('q'),
    (q) => q === company.slice(0, 6),
  )
  await rowsOf(page).filter({ hasText: company }).first().waitFor()
  await page.reload()
  expect(await page.getByRole('searchbox', { name: 'Search leads' }).inputValue()).toBe(company.slice(0, 6))
  await page.getByRole('button', { name: 'Clear all filters' }).click()
  await eventually(
    () => resultsOf(page),
    (count) => count === all,
  )
  expect(new URL(page.url()).search).toBe('')
})

test('facets count what each choice would bring, combine, and can be removed one by one', async () => {
  const { page } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/leads`)
  await rowsOf(page).first().waitFor()
  const all = await resultsOf(page)
  await page.getByRole('button', { name: 'Microsoft Status All' }).click()
  const suspended = page.getByRole('checkbox', { name: 'Suspended' })
  const count = page.getByRole('dialog', { name: 'Microsoft Status' }).getByRole('note')
  await eventually(
    () => count.allTextContents(),
    (texts) => texts.reduce((sum, text) => sum + Number(text.replace(/\D/g, '')), 0) === all,
  )
  await picture(page, 'facet')
  await suspended.check()
  await page.keyboard.press('Escape')
  await eventually(
    async () => [
      ...new Set(
        await rowsOf(page)
          .getByText(/^(Active|Suspended|Removed|Not active)$/)
          .allTextContents(),
      ),
    ],
    (words) => words.length === 1 && words[0] === 'Suspended',
  )
  expect(new URL(page.url()).searchParams.get('status')).toBe('Suspended')
  await page.getByRole('button', { name: 'Consented All' }).click()
  await page.getByRole('radio', { name: 'Last 30 days' }).click()
  await page.getByText(/Europe\/Berlin/).waitFor({ state: 'hidden' })
  expect(new URL(page.url()).searchParams.get('consented')).toBe('30d')
  await page.getByRole('button', { name: 'Remove the filter Consented' }).click()
  await page.getByRole('button', { name: 'Remove the filter Microsoft Status' }).click()
  await eventually(
    () => resultsOf(page),
    (results) => results === all,
  )
})

test('the panel of a lead has an address of its own, all contacts, addresses with locations, and its history', async () => {
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/tenants`)
  await rowsOf(page).filter({ hasText: 'Alder & Pine US' }).click()
  const panel = page.getByRole('dialog', { name: 'Alder & Pine US' })
  await panel.getByText('Riverside IT').waitFor()
  await panel.getByText('d1382f6b-4846-45d7-9ac8-0349c1ed5ead').waitFor()
  await picture(page, 'lead-panel')
  const address = page.url()
  expect(address).toMatch(/\/tenants\/691aa0bb-5396-4df6-97ad-83f82e4a64e2$/)
  await panel.getByRole('tab', { name: /^Addresses/ }).click()
  await panel.getByText('Validated').first().waitFor()
  await picture(page, 'lead-addresses')
  await panel.getByRole('tab', { name: 'Lead History' }).click()
  await panel.getByText('Sample license loaded').waitFor()
  await picture(page, 'lead-history')
  await page.goto(address)
  await panel.getByText('Riverside IT').waitFor()
  await panel.getByRole('button', { name: 'Close' }).click()
  await panel.waitFor({ state: 'hidden' })
  expect(new URL(page.url()).pathname).toBe(`${NORTHWIND}/tenants`)
  expect(complaints).toEqual([])
})

test('a lead that arrives or changes at Microsoft appears without a reload', async () => {
  const { page } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/leads`)
  await rowsOf(page).first().waitFor()
  const before = await resultsOf(page)
  const { id } = await portal.leadline.outside.control('POST', '/consents', {
    operator: 'northwind',
    company: 'Zebra & Söhne <script>alert(1)</script>',
    countries: ['DE', 'AT'],
    size: 'L10_U24',
    contacts: [{ fullName: 'Kim Abe', email: 'kim@zebra.example' }],
  })
  const row = rowsOf(page).filter({ hasText: 'Zebra & Söhne' })
  await row.waitFor()
  // First of all, because its consent is the newest, and marked, because it came while one looked.
  expect(await rowsOf(page).first().textContent()).toContain('Zebra & Söhne <script>alert(1)</script>')
  await row.getByText('New since your last visit').waitFor()
  expect(await resultsOf(page)).toBe(before + 1)
  await portal.leadline.outside.control('POST', `/consents/${id}/suspend`)
  await row.getByText('Suspended').waitFor()
})

test('Sync now fetches at once and says what came of it', async () => {
  const { page } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/leads`)
  await page.getByText(/^Synced/).waitFor()
  await page.getByRole('button', { name: 'Sync now' }).click()
  await page.getByText('Leads are up to date', { exact: true }).waitFor()
})

test('who may not start jobs sees why, and a channel sees its own leads only', async () => {
  const monitor = await portal.visit('monitor@northwind.example', `${NORTHWIND}/leads`)
  const sync = monitor.page.getByRole('button', { name: 'Sync now' })
  await sync.waitFor()
  expect(await sync.getAttribute('aria-disabled')).toBe('true')
  await sync.focus()
  await monitor.page.getByText(/Your role does not include this \(jobs\.run\)/).waitFor()

  const channel = await portal.visit('administrator@riverside.example', '/')
  await channel.page.getByText('No new leads').waitFor()
  await channel.page.getByRole('tab', { name: /^Tenants/ }).click()
  await rowsOf(channel.page).first().waitFor()
  expect(await rowsOf(channel.page).count()).toBe(1)
  expect(await channel.page.getByRole('link', { name: 'Jobs', exact: true }).count()).toBe(0)
})
