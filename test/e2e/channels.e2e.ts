import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../harness/client.ts'
import { NORTHWIND, type Portal, picture, resultsOf, rowsOf, startPortal } from './harness/portal.ts'

const ADMINISTRATOR = 'administrator@northwind.example'
let portal: Portal
beforeAll(async () => {
  portal = await startPortal({ leads: 120 })
})
afterAll(() => portal?.close())

test('a channel is made, changed, given an administrator, and deleted with who loses what', async () => {
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/channels`)
  await page.getByRole('button', { name: 'Riverside IT' }).waitFor()
  await picture(page, 'channels')
  await page.getByRole('button', { name: 'Create channel' }).first().click()
  const panel = page.getByRole('dialog')
  await panel.getByRole('textbox', { name: 'Name', exact: true }).fill('Lakeside Telecom')
  await panel.getByRole('textbox', { name: 'Microsoft tenant ID' }).fill('{not a guid}')
  await panel.getByText('Must be a GUID').waitFor()
  await panel.getByRole('textbox', { name: 'Microsoft tenant ID' }).fill('2f7c3f0e-8a54-4f3f-9d7b-6c0f6f6c1b2b')
  await panel.getByRole('textbox', { name: 'Email', exact: true }).fill('desk@lakeside.example')
  await panel.getByRole('button', { name: 'Create channel' }).click()
  await page.getByRole('button', { name: 'Lakeside Telecom' }).waitFor()
  await panel.getByRole('textbox', { name: 'Maximum number of customers' }).fill('5')
  await panel.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Lakeside Telecom is saved').first().waitFor()
  await page.getByRole('cell', { name: '0 / 5' }).waitFor()
  await panel.getByRole('textbox', { name: 'Name', exact: true }).nth(1).fill('Lena Lake')
  await panel.getByRole('button', { name: 'Make the link' }).click()
  await panel.getByText('/accept-invitation#').waitFor()
  await picture(page, 'channel')
  await panel.getByRole('button', { name: 'Delete channel' }).click()
  const asking = page.getByRole('alertdialog')
  await asking.getByText('open invitations end').waitFor()
  await asking.getByRole('button', { name: 'Delete channel' }).click()
  await page.getByText('Lakeside Telecom is deleted').first().waitFor()
  await page.getByRole('button', { name: 'Lakeside Telecom' }).waitFor({ state: 'detached' })
  expect(complaints).toEqual([])
})

test('one that holds leads says what is in the way', async () => {
  const { page } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/channels`)
  await page.getByRole('button', { name: 'Riverside IT' }).click()
  const remove = page.getByRole('dialog').getByRole('button', { name: 'Delete channel' })
  await remove.focus()
  await page.getByRole('tooltip').getByText('Riverside IT has 1 lead and 1 customer').waitFor()
  expect(await remove.getAttribute('aria-disabled')).toBe('true')
})

test('a lead is given to a channel and taken back from its row menu', async () => {
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/leads`)
  const active = page.getByRole('gridcell', { name: 'Active', exact: true })
  const row = rowsOf(page).filter({ has: active }).first()
  await row.waitFor()
  const menu = async (name: string) => {
    await row.click({ button: 'right' })
    await page.getByRole('menuitem', { name }).click()
  }
  await menu('Change Channel Partner')
  const dialog = page.getByRole('dialog', { name: 'Change Channel Partner' })
  await dialog.getByRole('combobox').click()
  await dialog.getByRole('combobox').pressSequentially('river')
  await page.getByRole('option', { name: 'Riverside IT' }).click()
  await picture(page, 'change-channel-partner')
  await dialog.getByRole('button', { name: 'Give to this channel' }).click()
  await page
    .getByText(/belongs to Riverside IT now/)
    .first()
    .waitFor()
  await row.getByText('Riverside IT').waitFor()
  await menu('Remove Attached Channel')
  await page.getByRole('alertdialog').getByRole('button', { name: 'Remove channel' }).click()
  await page
    .getByText(/no longer belongs to Riverside IT/)
    .first()
    .waitFor()
  await row.getByText('Riverside IT').waitFor({ state: 'detached' })
  await row.click({ button: 'right' })
  expect(await page.getByRole('menuitem', { name: 'Remove Attached Channel' }).getAttribute('aria-disabled')).toBe(
    'true',
  )
  expect(complaints).toEqual([])
})

test('an administrator looks through the eyes of a channel until he stops', async () => {
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/channels`)
  await page.getByRole('button', { name: 'Riverside IT' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'View as this channel' }).click()
  await page.getByText('You see what Riverside IT sees.').waitFor()
  await page.getByRole('tab', { name: /^Tenants/ }).click()
  await eventually(
    () => resultsOf(page),
    (count) => count === 1,
  )
  expect(await page.getByRole('link', { name: 'Jobs' }).count()).toBe(0)
  await picture(page, 'view-as-channel')
  await page.reload()
  await page.getByText('You see what Riverside IT sees.').waitFor()
  await page.getByRole('button', { name: 'Stop viewing' }).click()
  await page.getByRole('link', { name: 'Jobs' }).waitFor()
  expect(await page.getByText('You see what').count()).toBe(0)
  expect(complaints).toEqual([])
})

test('people of a channel see their own one, and are told that the carrier gives leads', async () => {
  const { page, complaints } = await portal.visit('administrator@riverside.example', `${NORTHWIND}/channels`)
  await page.getByRole('button', { name: 'Riverside IT' }).click()
  const panel = page.getByRole('dialog')
  await panel.getByText('Alder & Pine').waitFor()
  expect(await panel.getByRole('button', { name: 'Save' }).count()).toBe(0)
  expect(await panel.getByRole('button', { name: 'View as this channel' }).count()).toBe(0)
  await page.goto(`${NORTHWIND}/tenants`)
  await rowsOf(page).first().click({ button: 'right' })
  const change = page.getByRole('menuitem', { name: 'Change Channel Partner' })
  expect(await change.getAttribute('aria-disabled')).toBe('true')
  expect(complaints).toEqual([])
})
