import { afterAll, beforeAll, expect, test } from 'vitest'
import { paths } from '../../web/paths.ts'
import { eventually } from '../harness/client.ts'
import { NORTHWIND, type Portal, picture, resultsOf, rowsOf, startPortal } from './harness/portal.ts'

const ADMINISTRATOR = 'administrator@northwind.example'
const LONG = `Vereinigte ${'Donaudampfschifffahrts'.repeat(12)} KG`
let portal: Portal
beforeAll(async () => {
  portal = await startPortal({ leads: 60, env: { LEADLINE_SYNC_INTERVAL_SECONDS: '5' } })
  for (const company of [
    LONG,
    '<script>document.title="broken"</script>',
    '=HYPERLINK("https://x.example","y")',
    '100%_\'"\\',
  ])
    await portal.leadline.outside.control('POST', '/consents', { operator: 'northwind', company, countries: ['DE'] })
})
afterAll(() => portal?.close())

test('the server knows every address of the portal', async () => {
  for (const path of Object.values(paths)) {
    const answer = await fetch(`${portal.leadline.baseUrl}${path.replace(/\$\w+/g, '1')}`)
    expect([path, answer.status, answer.headers.get('content-type')]).toEqual([path, 200, 'text/html; charset=utf-8'])
  }
})

test('hostile company names are text and nothing else, and do not push the list out of shape', async () => {
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/leads`)
  await rowsOf(page).filter({ hasText: '100%_' }).waitFor()
  for (const text of ['<script>document.title', '=HYPERLINK(', 'Donaudampfschifffahrts'])
    await rowsOf(page).filter({ hasText: text }).first().waitFor()
  expect(await page.title()).toBe('Leadline')
  const heights = await Promise.all((await rowsOf(page).all()).slice(0, 8).map((row) => row.boundingBox()))
  expect(new Set(heights.map((box) => box?.height))).toEqual(new Set([38]))
  await rowsOf(page).filter({ hasText: 'Donaudampf' }).click()
  await page.getByRole('dialog').getByRole('heading', { level: 2 }).waitFor()
  await picture(page, 'long-name')
  expect(complaints).toEqual([])
})

test.each([
  ['%', 1],
  ['_', 1],
  ['100%_\'"\\', 1],
  ['🦓 zebra', 0],
  ['שלום‏', 0],
  ['x'.repeat(10_000), 0],
])('a search for %j finds what has it', async (text, least) => {
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/leads`)
  await rowsOf(page).first().waitFor()
  const box = page.getByRole('searchbox', { name: 'Search leads' })
  await box.fill(text)
  await eventually(
    () => resultsOf(page),
    (count) => (least === 0 ? count === 0 : count >= least && count < 20),
  )
  expect((await box.inputValue()).length).toBeLessThanOrEqual(200)
  expect(complaints).toEqual([])
})

test('filters in a link that no longer exist are left out and named', async () => {
  const { page } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/leads?license=OC+Gold&colour=red&status=Suspended`)
  await page.getByText('They were left out: license, colour.').waitFor()
  await page.getByRole('button', { name: 'Remove the filter Microsoft Status' }).waitFor()
  await eventually(
    () =>
      rowsOf(page)
        .getByText(/^(Active|Removed)$/)
        .count(),
    (count) => count === 0,
  )
})

test('while the network is away old rows stay and the page says so; then it goes on by itself', async () => {
  const { page, context } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/leads`)
  await rowsOf(page).first().waitFor()
  await context.setOffline(true)
  await page.getByText('Leadline does not answer').waitFor()
  await picture(page, 'offline')
  expect(await rowsOf(page).count()).toBeGreaterThan(5)
  await context.setOffline(false)
  await page.getByText('Leadline does not answer').waitFor({ state: 'hidden' })
  await page.getByRole('tab', { name: /^Tenants/ }).click()
  await page.getByRole('treegrid', { name: 'Tenants' }).waitFor()
})

test('fourteen hours ahead, today is today there', async () => {
  const { page } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/leads`, { timezoneId: 'Pacific/Kiritimati' })
  await rowsOf(page).first().waitFor()
  const asked = page.waitForRequest((request) => request.url().includes('consentedSince='))
  await page.getByRole('button', { name: 'Consented All' }).click()
  await page.getByText(/Pacific\/Kiritimati \(GMT\+14\)/).waitFor()
  await page.getByRole('radio', { name: 'Today' }).click()
  const since = new Date(new URL((await asked).url()).searchParams.get('consentedSince') ?? '')
  expect(since.getUTCHours()).toBe(10)
  expect(Date.now() - since.getTime()).toBeLessThan(24 * 3_600_000)
})
