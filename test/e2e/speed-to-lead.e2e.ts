import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Client, Json } from '../harness/client.ts'
import { violationsOf } from './harness/axe.ts'
import { NORTHWIND, type Portal, picture, rowsOf, settled, startPortal } from './harness/portal.ts'

// Who sees to a lead until when: taken, given, overdue, found again; and rules, tried before they are switched on.

const ADMINISTRATOR = 'administrator@northwind.example'
const NORA = 'Nora Lindqvist'
const NIALL = 'Niall Byrne'
let portal: Portal
let northwind: Client
let leads: Json[]
beforeAll(async () => {
  portal = await startPortal({ leads: 60 })
  northwind = await portal.leadline.as('northwind-api')
  leads = (await northwind.get('/api/v4/leads?licensed=false&channelId=0&status=Active&pageSize=20')).body.data
})
afterAll(() => portal?.close())

const leadOf = async (id: string): Promise<Json> => (await northwind.get(`/api/v4/leads/${id}`)).body
const sectionOf = (page: Page) => page.getByRole('region', { name: 'Who sees to it' })
/** The lists have walks of their own that look at the whole page. */
const pleasesAxe = async (page: Page, within = '[role=dialog]') => {
  await settled(page)
  expect(await violationsOf(page, within)).toEqual([])
}
const PANEL = 'section[aria-label="Who sees to it"]'
const PAGE = 'main'

test('a lead is taken, given to a colleague, and found as his and mine', async () => {
  const [mine, his] = leads
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/leads/${mine.id}`)
  await sectionOf(page).getByText('Nobody').waitFor()
  await sectionOf(page).getByRole('button', { name: 'Take this lead' }).click()
  await sectionOf(page).getByText(NORA).waitFor()
  await pleasesAxe(page, PANEL)
  await picture(page, 'duty-panel')
  await page.goto(`${NORTHWIND}/leads/${his.id}`)
  await sectionOf(page).getByRole('button', { name: 'Change owner' }).click()
  const dialog = page.getByRole('dialog', { name: /^Who sees to/ })
  await dialog.getByRole('combobox').click()
  await dialog.getByRole('combobox').pressSequentially('niall')
  await page.getByRole('option', { name: /Niall Byrne/ }).click()
  await pleasesAxe(page)
  await picture(page, 'duty-owner')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await sectionOf(page).getByText(NIALL).waitFor()
  expect((await leadOf(his.id)).owner.name).toBe(NIALL)
  expect(complaints).toEqual([])
})

test('my leads, those of a colleague, and who changed whose', async () => {
  const [, his] = leads
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/leads`)
  await page.goto(`${NORTHWIND}/leads?owner=me`)
  await rowsOf(page).first().waitFor()
  expect(await rowsOf(page).count()).toBe(1)
  await picture(page, 'duty-mine')
  await page.getByRole('button', { name: /^Owner/ }).click()
  await page.getByRole('radio', { name: /^Niall Byrne/ }).click()
  await rowsOf(page).filter({ hasText: his.companyName }).waitFor()
  expect(new URL(page.url()).searchParams.get('owner')).toBe((await leadOf(his.id)).owner.personId)
  await page.goto(`${NORTHWIND}/leads/${his.id}?part=history`)
  await page.getByText(`${NORA} changed the owner from Nobody to ${NIALL}.`).waitFor()
  expect(complaints).toEqual([])
})

test('a due date is set, passes, and is marked with a word', async () => {
  const [, , late] = leads
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/leads/${late.id}`)
  await sectionOf(page).getByRole('button', { name: 'Change due date' }).click()
  const dialog = page.getByRole('dialog', { name: /^Until when/ })
  await dialog.getByLabel('Day').fill('2020-01-01')
  await dialog.getByText('This time has passed.').waitFor()
  await dialog.getByLabel('Day').fill('2199-01-01')
  await picture(page, 'duty-due')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await sectionOf(page).getByText(/2199/).waitFor()
  // As if time had passed; the tag of the lead with it, as the job that tells of it does.
  const { asOwner } = portal.leadline.db
  await asOwner.query(`update lead_duty set due_at = now() - interval '2 hours' where lead_id = $1`, [late.id])
  await asOwner.query('update lead set changed_at = now() where lead_id = $1', [late.id])
  await page.goto(`${NORTHWIND}/leads`)
  await page.getByRole('button', { name: /^Owner/ }).click()
  await page.getByRole('checkbox', { name: 'Overdue only' }).click()
  await page.getByRole('button', { name: 'Remove the filter Due' }).waitFor()
  expect(new URL(page.url()).searchParams.get('overdue')).toBe('true')
  const row = rowsOf(page).filter({ hasText: late.companyName })
  await row.getByText(/^Overdue: was due/).waitFor()
  await page.goto(`${NORTHWIND}/leads/${late.id}?overdue=true`)
  await sectionOf(page).getByText('Overdue', { exact: true }).waitFor()
  await pleasesAxe(page, PANEL)
  await picture(page, 'duty-overdue')
  expect(complaints).toEqual([])
})

test('a rule is written, tried on the leads of the past, switched on, and gives the next lead away', async () => {
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/settings/leads`)
  // What came lately: the sandbox's leads are older.
  await portal.leadline.db.asOwner.query(
    `update lead set consented_at = now() - interval '3 days' where lead_id = any($1)`,
    [leads.slice(0, 4).map(({ id }) => id)],
  )
  await page.getByRole('button', { name: 'Add rule' }).click()
  const dialog = page.getByRole('dialog', { name: 'New rule' })
  await dialog.getByLabel('Name', { exact: false }).first().fill('Everything')
  const people = dialog.getByRole('combobox', { name: /^People/ })
  await people.click()
  await page.getByRole('menuitemcheckbox', { name: NORA }).click()
  await page.getByRole('menuitemcheckbox', { name: NIALL }).click()
  await page.keyboard.press('Escape')
  await pleasesAxe(page)
  await picture(page, 'rules-dialog')
  await dialog.getByRole('button', { name: 'Save, switched off' }).click()
  const rule = page.getByRole('row', { name: /Everything/ })
  await rule.getByText('Every lead').waitFor()
  await rule.getByRole('switch').click()
  const trial = page.getByRole('dialog', { name: 'Switch on Everything?' })
  await trial.getByText('Of the last 90 days’ 4 leads it would have given away 4.').waitFor()
  await trial.getByText(`Everything: ${NORA}: 2, ${NIALL}: 2`).waitFor()
  await pleasesAxe(page)
  await picture(page, 'rules-trial')
  await trial.getByRole('button', { name: 'Switch on' }).click()
  await trial.waitFor({ state: 'hidden' })
  await rule.getByRole('switch', { checked: true }).waitFor()
  await page.getByLabel('New leads get no due date').uncheck()
  await page.getByRole('spinbutton').fill('4')
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  await page.getByText('Saved: for new leads from now on').first().waitFor()
  await pleasesAxe(page, PAGE)
  await picture(page, 'rules')
  expect((await northwind.get('/api/v4/lead-rules')).body.data).toMatchObject([{ name: 'Everything', enabled: true }])
  expect((await northwind.get('/api/v4/lead-due-rule')).body.within).toEqual({ amount: 4, unit: 'hours' })
  expect(complaints).toEqual([])
})

test('in the dark and on a narrow screen too', async () => {
  const [mine] = leads
  const look = { colorScheme: 'dark', viewport: { width: 390, height: 844 } } as const
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/settings/leads`, look)
  await page.getByRole('button', { name: 'Add rule' }).waitFor()
  await pleasesAxe(page, PAGE)
  await picture(page, 'rules-narrow')
  await page.goto(`${NORTHWIND}/leads/${mine.id}`)
  await sectionOf(page).waitFor()
  await pleasesAxe(page, PANEL)
  await picture(page, 'duty-narrow')
  expect(complaints).toEqual([])
})
