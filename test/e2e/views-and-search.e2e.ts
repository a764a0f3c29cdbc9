import AxeBuilder from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Client, Json } from '../harness/client.ts'
import { violationsOf } from './harness/axe.ts'
import { NORTHWIND, type Portal, picture, resultsOf, rowsOf, settled, startPortal } from './harness/portal.ts'

// Saved views, columns as each has chosen them, and Ctrl-K, as people meet them. Source: issue 6, 6; design/ui.md, Frame.

const ADMINISTRATOR = 'administrator@northwind.example'
const OPERATOR = 'operator@northwind.example'
const MONITOR = 'monitor@northwind.example'
const CHANNEL = 'administrator@riverside.example'

let portal: Portal
let northwind: Client
beforeAll(async () => {
  portal = await startPortal({ leads: 60 })
  northwind = await portal.leadline.as('northwind-api')
})
afterAll(() => portal?.close())

const viewButton = (page: Page) => page.getByRole('button', { name: /^View: / })
const heads = (page: Page) => page.getByRole('columnheader').allTextContents()
const searchOf = (page: Page) => Object.fromEntries(new URL(page.url()).searchParams)

async function axe(page: Page): Promise<void> {
  await settled(page)
  expect(await violationsOf(page)).toEqual([])
}

async function choose(page: Page, item: string): Promise<void> {
  await viewButton(page).click()
  await page.getByRole('menuitem', { name: item }).click()
}

test('a view is saved with what the list shows, and says when it is shown otherwise', async () => {
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/leads?status=Active&sort=companyName`)
  await rowsOf(page).first().waitFor()
  await viewButton(page).click()
  await page.getByText('No saved views yet').waitFor()
  await page.getByRole('menuitem', { name: 'Save as new view…' }).click()
  const dialog = page.getByRole('dialog', { name: 'Save as new view' })
  await dialog.getByLabel('Name').fill('Active <b>by name</b>')
  await picture(page, 'view-new')
  await axe(page)
  await dialog.getByRole('button', { name: 'Save view' }).click()
  const made = page.getByRole('button', { name: 'View: Active <b>by name</b>', exact: true })
  await made.waitFor()
  const { view, ...filters } = searchOf(page)
  expect(filters).toEqual({ status: 'Active', sort: 'companyName' })
  expect(view).toMatch(/^[\da-f-]{36}$/)

  await page.getByRole('columnheader', { name: 'Size' }).getByRole('button').click()
  await page.getByRole('button', { name: 'View: Active <b>by name</b>, changed' }).waitFor()
  await viewButton(page).click()
  await page.getByRole('menuitem', { name: 'Save changes' }).waitFor()
  await picture(page, 'view-menu')
  await settled(page)
  // A menu lies over the page, outside of its regions.
  const { violations } = await new AxeBuilder({ page })
    .include('[role="menu"]')
    .exclude('[data-tabster-dummy]')
    .disableRules(['region'])
    .analyze()
  expect(violations).toEqual([])
  await page.getByRole('menuitem', { name: 'Save changes' }).click()
  await made.waitFor()
  expect(searchOf(page)).toEqual({ view, status: 'Active', sort: '-companySize' })
  await choose(page, 'Delete…')
  await page.getByRole('button', { name: 'Delete view' }).click()
  await page.getByRole('button', { name: 'View: All leads' }).waitFor()
  expect(searchOf(page)).toEqual({ view: 'all', status: 'Active', sort: '-companySize' })
  expect(complaints).toEqual([])
})

test('a view is shared with everyone of the scope, begun with and renamed; the address says what is shown', async () => {
  const { page, context, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/leads`)
  const { id: view } = await (
    await context.request.post('/api/v4/views', {
      data: { name: 'Largest', list: 'leads', query: 'status=Active&sort=-companySize' },
      headers: { 'x-leadline-csrf': '1', 'x-leadline-operator': '868' },
    })
  ).json()
  await page.reload()
  await viewButton(page).click()
  await page.getByRole('menuitemradio', { name: 'Largest' }).click()
  await page.getByRole('button', { name: 'View: Largest', exact: true }).waitFor()
  await choose(page, 'Share with everyone')
  await page.getByText('Everyone in Northwind Voice sees').first().waitFor()
  await viewButton(page).click()
  await page.getByRole('menuitemcheckbox', { name: 'Begin with this view' }).click()
  await page.getByText('New Leads begins with').first().waitFor()

  await page.goto(`${NORTHWIND}/leads`)
  await page.getByRole('button', { name: 'View: Largest', exact: true }).waitFor()
  expect(searchOf(page)).toEqual({ view, status: 'Active', sort: '-companySize' })
  await choose(page, 'Rename…')
  await page.getByRole('dialog', { name: 'Rename the view' }).getByLabel('Name').fill('Largest first')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'View: Largest first' }).waitFor()

  const other = await portal.visit(MONITOR, `${NORTHWIND}/leads`)
  await viewButton(other.page).click()
  await other.page.getByRole('menuitemradio', { name: 'Largest first' }).click()
  await other.page.getByRole('button', { name: 'View: Largest first' }).waitFor()
  expect(searchOf(other.page)).toEqual({ view, status: 'Active', sort: '-companySize' })
  await viewButton(other.page).click()
  const rename = other.page.getByRole('menuitem', { name: 'Rename…' })
  expect(await rename.getAttribute('aria-disabled')).toBe('true')
  const stranger = await portal.visit(CHANNEL, `${NORTHWIND}/leads?view=${view}`)
  await stranger.page.getByText('This view was deleted, or is not shared with you any more.').waitFor()
  await viewButton(stranger.page).click()
  await stranger.page.getByText('No saved views yet').waitFor()
  expect([...complaints, ...other.complaints, ...stranger.complaints]).toEqual([])
})

test('what a view cannot show any more is said, and goes only when somebody takes it out', async () => {
  const asked = {
    name: 'Old times',
    list: 'leads',
    shared: true,
    query: 'colour=red&status=Active',
    columns: ['gone', 'company'],
  }
  const { body: made } = await northwind.send('POST', '/api/v4/views', asked)
  const { page } = await portal.visit(OPERATOR, `${NORTHWIND}/leads`)
  await viewButton(page).click()
  await page.getByRole('menuitemradio', { name: 'Old times' }).click()
  await page.getByText('also narrows by colour, which means nothing here any more').waitFor()
  await picture(page, 'view-gone')
  expect(searchOf(page)).toEqual({ view: made.id, status: 'Active' })
  expect((await heads(page)).filter((head) => head !== '' && head !== 'Row menu')).toEqual(['Company Name'])
  expect((await northwind.get(`/api/v4/views/${made.id}`)).body.query).toBe(asked.query)
  await page.getByRole('button', { name: 'Take it out of the view' }).click()
  await page.getByText('also narrows by colour').waitFor({ state: 'detached' })
  const after = (await northwind.get(`/api/v4/views/${made.id}`)).body
  expect([after.query, after.columns]).toEqual(['status=Active', ['company']])
})

test('columns are hidden, moved and drawn wider, by mouse and by keys, and follow the person elsewhere', async () => {
  const { page, context, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/tenants`)
  await rowsOf(page).first().waitFor()
  const saved = () =>
    page.waitForResponse((answer) => answer.url().endsWith('/api/v4/me/preferences') && answer.status() === 200)
  await page.getByRole('button', { name: 'Columns' }).click()
  const chooser = page.getByRole('dialog', { name: 'Columns' }).or(page.getByRole('group', { name: 'Columns' }))
  await chooser.getByRole('checkbox', { name: 'Market' }).click()
  await chooser.getByRole('button', { name: 'Move Tenant ID' }).focus()
  await page.keyboard.press('Home')
  await picture(page, 'columns')
  await axe(page)
  const kept = saved()
  await chooser.getByRole('spinbutton', { name: 'Width of Size' }).fill('150')
  await kept
  await page.keyboard.press('Escape')
  const first = page.getByRole('columnheader').nth(1)
  expect(await first.textContent()).toBe('Tenant ID')
  expect(await heads(page)).not.toContain('Market')
  const cells = await rowsOf(page).first().getByRole('gridcell').allTextContents()
  expect([cells.length, cells[1]]).toEqual([(await heads(page)).length, expect.stringMatching(/^[\da-f]{8}…/)])

  const widthOf = async (name: string) =>
    Math.round((await page.getByRole('columnheader', { name }).boundingBox())?.width ?? 0)
  expect(await widthOf('Size')).toBe(150)
  const company = await page.getByRole('columnheader', { name: 'Company Name' }).boundingBox()
  if (!company) throw new Error('There is no such column on the screen.')
  const drawn = saved()
  await page.mouse.move(company.x + company.width - 4, company.y + 12)
  await page.mouse.down()
  await page.mouse.move(company.x + company.width + 56, company.y + 12, { steps: 5 })
  await page.mouse.up()
  await drawn
  expect(await widthOf('Company Name')).toBe(Math.round(company.width) + 60)
  const byKey = saved()
  await page.getByRole('columnheader', { name: 'Company Name' }).getByRole('button').focus()
  await page.keyboard.press('Alt+ArrowLeft')
  await byKey
  const wide = Math.round(company.width) + 44
  expect(await widthOf('Company Name')).toBe(wide)
  await picture(page, 'columns-drawn')

  const elsewhere = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/tenants`)
  await rowsOf(elsewhere.page).first().waitFor()
  expect((await heads(elsewhere.page)).slice(1)).toEqual((await heads(page)).slice(1))
  const there = await elsewhere.page.getByRole('columnheader', { name: 'Company Name' }).boundingBox()
  expect(Math.round(there?.width ?? 0)).toBe(wide)
  const reset = saved()
  await page.getByRole('button', { name: 'Columns' }).click()
  await page.getByRole('button', { name: 'Reset columns' }).click()
  await reset
  await page.keyboard.press('Escape')
  await page.getByRole('columnheader', { name: 'Market' }).waitFor()
  await context.close()
  expect([...complaints, ...elsewhere.complaints]).toEqual([])
})

test('Ctrl-K finds leads by keys alone, and offers again what was opened', async () => {
  const { body } = await northwind.get('/api/v4/leads?pageSize=50&licensed=false&sort=companyName')
  const lead = body.data.find(({ companyName }: Json) => companyName?.length > 8)
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/leads`)
  await rowsOf(page).first().waitFor()
  await page.keyboard.press('Control+k')
  const field = page.getByRole('combobox', { name: 'Search' })
  await page.getByRole('option', { name: 'Channels', exact: true }).waitFor()
  await picture(page, 'palette-empty')
  await field.fill(lead.companyName.slice(0, 8))
  const option = page.getByRole('group', { name: 'Leads' }).getByRole('option', { name: lead.companyName }).first()
  await option.waitFor()
  await picture(page, 'palette-found')
  await axe(page)
  while ((await option.getAttribute('aria-selected')) !== 'true') await page.keyboard.press('ArrowDown')
  expect(await field.getAttribute('aria-activedescendant')).toBe(await option.getAttribute('id'))
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: lead.companyName }).or(page.getByRole('complementary')).first().waitFor()
  expect(new URL(page.url()).pathname).toMatch(/\/leads\/[\da-f-]{36}$/)

  await page.keyboard.press('Control+k')
  await page.getByRole('group', { name: 'Recent' }).getByRole('option', { name: lead.companyName }).waitFor()
  await field.fill('<img src=x onerror=alert(1)>')
  await page.getByText('Nothing matches “<img src=x onerror=alert(1)>”').waitFor()
  expect(complaints).toEqual([])
})

test('Ctrl-K goes to pages, does what one may, and gives the focus back', async () => {
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/tenants`)
  await rowsOf(page).first().waitFor()
  await page.keyboard.press('Control+k')
  const field = page.getByRole('combobox', { name: 'Search' })
  await field.fill('jobs')
  await page.getByRole('option', { name: 'Jobs', selected: true }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Jobs', level: 1 }).waitFor()
  await page.keyboard.press('Control+k')
  await field.fill('new lead')
  await page.getByRole('option', { name: 'New lead', selected: true }).waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('dialog', { name: 'New lead' }).waitFor()
  await page.keyboard.press('Escape')
  await rowsOf(page).first().waitFor()

  await page.getByRole('button', { name: 'Search', exact: true }).click()
  await field.fill('example')
  await page.getByRole('option', { name: /^All leads that match/ }).click()
  await expect.poll(() => searchOf(page).q).toBe('example')
  expect(await resultsOf(page)).toBeGreaterThan(0)
  await page.getByRole('button', { name: 'Search', exact: true }).focus()
  await page.keyboard.press('Enter')
  await field.waitFor()
  await page.keyboard.press('Escape')
  await field.waitFor({ state: 'detached' })
  await expect.poll(() => page.evaluate('document.activeElement?.textContent')).toBe('SearchCtrl K')
  expect(complaints).toEqual([])
})

test('a channel’s people find what is theirs, are offered what they may do, and that on a narrow screen too', async () => {
  const riverside = await portal.leadline.as('riverside-api')
  const mine = (await riverside.get('/api/v4/leads?pageSize=100')).body.data
  const own = new Set(mine.map(({ id }: Json) => id))
  const foreign = (await northwind.get('/api/v4/leads?pageSize=50')).body.data.find(({ id }: Json) => !own.has(id))
  const options = { viewport: { width: 390, height: 844 }, colorScheme: 'dark' } as const
  const { page, complaints } = await portal.visit(CHANNEL, `${NORTHWIND}/leads`, options)
  await page.getByRole('button', { name: 'Search', exact: true }).click()
  await page.getByRole('option', { name: 'API documentation' }).waitFor()
  for (const name of ['Sync now', 'Create channel', 'Jobs', 'Microsoft']) {
    expect(await page.getByRole('option', { name, exact: true }).count(), name).toBe(0)
  }
  await picture(page, 'palette-narrow')
  await axe(page)
  const field = page.getByRole('combobox', { name: 'Search' })
  await field.fill(foreign.tenantId)
  await page.getByText(/^Nothing matches/).waitFor()
  await field.fill(mine[0].tenantId)
  await page.getByRole('option', { name: new RegExp(mine[0].tenantId.slice(0, 8)) }).waitFor()
  expect(complaints).toEqual([])
})
