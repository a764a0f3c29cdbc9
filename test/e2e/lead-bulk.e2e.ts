import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Client, eventually, type Json } from '../harness/client.ts'
import { violationsOf } from './harness/axe.ts'
import { NORTHWIND, type Portal, picture, resultsOf, rowsOf, settled, startPortal } from './harness/portal.ts'

// What is done with many leads at once: chosen with mouse and keys, asked about, done as a task, taken back.

const ADMINISTRATOR = 'administrator@northwind.example'
let portal: Portal
let northwind: Client
beforeAll(async () => {
  portal = await startPortal({ leads: 200 })
  northwind = await portal.leadline.as('northwind-api')
})
afterAll(() => portal?.close())

const barOf = (page: Page) => page.getByRole('region', { name: 'What to do with the selected leads' })
const selected = (page: Page) => rowsOf(page).and(page.getByRole('row', { selected: true }))
const desk = async (query: string): Promise<Json> => (await northwind.get(`/api/v4/leads?${query}`)).body
const told = (page: Page, words: RegExp) => page.getByText(words).first().waitFor()

test('rows are chosen with boxes, ranges and keys, and scrolling keeps them', async () => {
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/leads`)
  const rows = rowsOf(page)
  await rows.first().waitFor()
  await rows.nth(1).getByRole('checkbox').click()
  await barOf(page).getByText('1 selected').waitFor()
  await rows
    .nth(4)
    .getByRole('checkbox')
    .click({ modifiers: ['Shift'] })
  await barOf(page).getByText('4 selected').waitFor()
  // A shorter range gives rows back; a row beside it comes and goes by itself.
  await rows.nth(2).click({ modifiers: ['Shift'] })
  await barOf(page).getByText('2 selected').waitFor()
  await rows.nth(6).click({ modifiers: ['ControlOrMeta'] })
  await barOf(page).getByText('3 selected').waitFor()
  expect(await page.getByRole('dialog').count()).toBe(0)
  expect(await selected(page).count()).toBe(3)

  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Space')
  await page.keyboard.press('Shift+ArrowDown')
  await page.keyboard.press('Shift+ArrowDown')
  await barOf(page).getByText('6 selected').waitFor()
  await page.keyboard.press('Escape')
  await barOf(page).waitFor({ state: 'hidden' })

  await page.keyboard.press('Control+a')
  const { total } = await desk('licensed=false')
  await barOf(page).getByText(`All ${total} that match are selected`).waitFor()
  await page.keyboard.press('Home')
  await page.keyboard.press('Space')
  await barOf(page)
    .getByText(`${total - 1} selected`)
    .waitFor()
  await page.keyboard.press('End')
  await eventually(
    () => selected(page).last().getAttribute('aria-rowindex'),
    (index) => Number(index) === total + 1,
  )
  // Another question, another list.
  await page.getByRole('searchbox').fill('an')
  await barOf(page).waitFor({ state: 'hidden' })
  expect(complaints).toEqual([])
})

test('what will be refused is said before, and each lead has its result after', async () => {
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/leads`)
  const rows = rowsOf(page)
  await rows.first().waitFor()
  await page.getByRole('checkbox', { name: /^Select all/ }).click()
  await barOf(page).getByRole('button', { name: 'Archive' }).click()
  const dialog = page.getByRole('dialog', { name: /^Archive .* leads\?$/ })
  const { total, facets } = await desk('licensed=false&facets=true')
  const removed = facets.status.find(({ value }: Json) => value === 'Removed').count
  await dialog.getByText(`${removed} leads will be changed.`).waitFor()
  await dialog.getByText(`${total - removed} are refused: only what Microsoft calls Removed can be archived.`).waitFor()
  await settled(page)
  await picture(page, 'bulk-archive-all')
  expect(await violationsOf(page)).toEqual([])
  await dialog.getByRole('button', { name: `Archive ${removed} leads` }).click()
  await told(page, /Archive [0-9,]+ leads: Done in part/)
  await barOf(page).waitFor({ state: 'hidden' })
  await eventually(
    () => resultsOf(page),
    (shown) => shown === total - removed,
  )

  // Found again, and brought back.
  await page.getByRole('button', { name: /^Archived/ }).click()
  await page.getByRole('radio', { name: 'Only these' }).click()
  await eventually(
    () => resultsOf(page),
    (shown) => shown === removed,
  )
  await rows.first().getByText('Archived', { exact: true }).first().waitFor({ state: 'attached' })
  await picture(page, 'leads-archived')
  await rows
    .first()
    .getByRole('button', { name: 'What to do' })
    .or(rows.first().locator('[aria-haspopup=menu]'))
    .first()
    .click()
  await page.getByRole('menuitem', { name: 'Show Lead Again' }).click()
  await told(page, /is in the list again/)
  await eventually(
    () => resultsOf(page),
    (shown) => shown === removed - 1,
  )
  await rows.first().getByRole('checkbox').click()
  await page.keyboard.press('Control+a')
  await barOf(page).getByRole('button', { name: 'Show again' }).click()
  await page
    .getByRole('button', { name: /^Show .* lead.* again$/ })
    .last()
    .click()
  await told(page, /Show .* again: Done/)
  await page.getByText('Nothing matches').waitFor()
  expect(complaints).toEqual([])
})

test('leads are given to a channel by keys alone, and the move is taken back in its task', {
  timeout: 180_000,
}, async () => {
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/leads?status=Active`)
  await rowsOf(page).first().waitFor()
  const { total: before } = await desk('licensed=false&channelId=907')
  await page.getByRole('treegrid').focus()
  await page.keyboard.press('Space')
  await page.keyboard.press('Shift+ArrowDown')
  await page.keyboard.press('Shift+ArrowDown')
  await barOf(page).getByText('3 selected').waitFor()
  await settled(page)
  await picture(page, 'bulk-bar')
  expect(await violationsOf(page)).toEqual([])
  await barOf(page).getByRole('button', { name: 'Assign channel' }).focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Give 3 leads to a channel' })
  await dialog.getByRole('combobox').pressSequentially('riverside')
  await page.getByRole('option', { name: 'Riverside IT' }).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await dialog.getByText(/leads? will be changed/).waitFor()
  await settled(page)
  await picture(page, 'bulk-assign')
  expect(await violationsOf(page)).toEqual([])
  await dialog.getByRole('button', { name: /^Give .* leads?$/ }).focus()
  await page.keyboard.press('Enter')
  await told(page, /Give 3 leads to a channel: Done/)
  await page.locator('[role=treegrid]:focus').waitFor()
  const { total: after } = await desk('licensed=false&channelId=907')
  expect(after).toBeGreaterThan(before)

  await page.goto(`${NORTHWIND}/tasks`)
  await page.getByRole('link', { name: 'Give 3 leads to a channel' }).first().click()
  const panel = page.getByRole('dialog', { name: 'Give 3 leads to a channel' })
  await panel.getByRole('button', { name: 'Take it back' }).click()
  const ask = page
    .getByRole('dialog', { name: 'Take it back?' })
    .or(page.getByRole('alertdialog', { name: 'Take it back?' }))
  await settled(page)
  await picture(page, 'task-undo')
  await ask.getByRole('button', { name: 'Take it back' }).click()
  await told(page, /Give 3 leads to a channel: Taken back/)
  await eventually(
    () => desk('licensed=false&channelId=907'),
    ({ total }) => total === before,
  )
  await picture(page, 'task-undone')
  expect(complaints).toEqual([])
})

test('a comment and the relationship are written to the chosen ones, and exactly they are exported', async () => {
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/leads?status=Active`, {
    colorScheme: 'dark',
    acceptDownloads: true,
  })
  const rows = rowsOf(page)
  await rows.first().waitFor()
  await rows.nth(0).getByRole('checkbox').click()
  await rows.nth(1).getByRole('checkbox').click()
  await barOf(page).getByRole('button', { name: 'Comment' }).click()
  await page.getByRole('textbox', { name: 'Comment' }).fill('Meet at the fair\n<b>Hall 4</b>')
  await settled(page)
  await picture(page, 'bulk-comment-dark')
  expect(await violationsOf(page)).toEqual([])
  await page.getByRole('button', { name: 'Write 2 comments' }).click()
  await told(page, /Write a comment to 2 leads: Done/)
  await rows.nth(0).getByTitle('1 comment').waitFor()

  await rows.nth(0).getByRole('checkbox').click()
  await rows.nth(1).getByRole('checkbox').click()
  const download = page.waitForEvent('download')
  await barOf(page).getByRole('button', { name: 'Export' }).click()
  const file = await (await download).createReadStream()
  let text = ''
  for await (const piece of file) text += piece
  expect(text.trimEnd().split('\r\n')).toHaveLength(3)

  await barOf(page).getByRole('button', { name: 'Relationship' }).click()
  await page.getByRole('radio', { name: /^Consent declined/ }).click()
  const tell = page.getByRole('button', { name: 'Tell Microsoft about 2' })
  expect(await tell.getAttribute('aria-disabled')).toBe('true')
  await page.getByRole('radio', { name: /^Customer contacted/ }).click()
  await settled(page)
  await picture(page, 'bulk-relationship-dark')
  expect(await violationsOf(page)).toEqual([])
  await tell.click()
  await told(page, /Change the relationship of 2 leads: Done/)
  expect(complaints).toEqual([])
})

test('at 390 pixels the bar has room for every action', async () => {
  const { page } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/leads`, { viewport: { width: 390, height: 800 } })
  const rows = rowsOf(page)
  await rows.first().waitFor()
  await rows.first().getByRole('checkbox').click()
  const bar = barOf(page)
  await bar.getByText('1 selected').waitFor()
  await settled(page)
  await picture(page, 'bulk-bar-390')
  for (const name of ['Assign channel', 'Comment', 'Export', 'Clear selection']) {
    const box = await bar.getByRole('button', { name }).boundingBox()
    expect(box && box.x >= 0 && box.x + box.width <= 390).toBe(true)
  }
  expect(await violationsOf(page)).toEqual([])
  await bar.getByRole('button', { name: 'Archive' }).click()
  await settled(page)
  await picture(page, 'bulk-archive-390')
  await page.getByRole('button', { name: 'Cancel' }).click()
  await bar.getByRole('button', { name: 'Clear selection' }).click()
  await bar.waitFor({ state: 'hidden' })
})

test('changing the channel of a customer with two leads says that both move, and moves both', async () => {
  const tenantId = '5d0c3f54-6f0f-4a51-8c0a-1f6f0a6f7a10'
  const company = 'Twice Consented'
  expect((await northwind.send('POST', '/api/v4/leads', { tenantId, companyName: company })).status).toBe(201)
  const consent = { operator: 'northwind', company, tenantId, countries: ['DE'] }
  await portal.leadline.outside.control('POST', '/consents', consent)
  await northwind.send('POST', '/api/v4/jobs/peering.sync-leads-job/runs')
  await eventually(
    () => desk(`tenantId=${tenantId}`),
    ({ total }) => total === 2,
    40,
  )
  const { page } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/leads?q=${encodeURIComponent(company)}`)
  await rowsOf(page).first().locator('[aria-haspopup=menu]').click()
  await page.getByRole('menuitem', { name: 'Change Channel Partner' }).click()
  const dialog = page.getByRole('dialog', { name: 'Change Channel Partner' })
  await dialog.getByText('The other lead of this customer moves too.').waitFor()
  await dialog.getByRole('combobox').click()
  await dialog.getByRole('combobox').pressSequentially('river')
  await page.getByRole('option', { name: 'Riverside IT' }).click()
  await settled(page)
  await picture(page, 'pair-move')
  await dialog.getByRole('button', { name: 'Give to this channel' }).click()
  await told(page, /belongs to Riverside IT now/)
  const { data } = await desk(`tenantId=${tenantId}`)
  expect(data.map(({ channel }: Json) => channel?.id)).toEqual([907, 907])
})

test('an operator that refuses a name in use lets nobody pass', async () => {
  const { page } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/settings/leads`)
  await page.getByRole('radio', { name: /^Refuse/ }).waitFor()
  await settled(page)
  await picture(page, 'lead-settings')
  expect(await violationsOf(page)).toEqual([])
  await page.getByRole('radio', { name: /^Refuse/ }).click()
  await told(page, /Saved; in force at once/)
  await page.goto(`${NORTHWIND}/leads`)
  await page.getByRole('button', { name: 'New Lead' }).click()
  const dialog = page.getByRole('dialog', { name: 'New Lead' })
  await dialog.getByRole('textbox', { name: 'Customer Tenant ID' }).fill('6d0c3f54-6f0f-4a51-8c0a-1f6f0a6f7a10')
  await dialog.getByRole('textbox', { name: 'Customer Name' }).fill('Twice Consented')
  await dialog.getByRole('button', { name: 'Create lead' }).click()
  await dialog.getByText('no two leads share a name').waitFor()
  expect(await dialog.getByRole('button', { name: 'Create it all the same' }).count()).toBe(0)
})
