import { afterAll, beforeAll, expect, test } from 'vitest'
import { NORTHWIND, type Portal, rowsOf, startPortal } from './harness/portal.ts'

let portal: Portal
beforeAll(async () => {
  portal = await startPortal({ leads: 120 })
})
afterAll(() => portal?.close())

test('the whole of Qualify leads is walked with keys alone', async () => {
  const { page, complaints } = await portal.visit('administrator@northwind.example', `${NORTHWIND}/leads`)
  const grid = page.getByRole('treegrid')
  await rowsOf(page).first().waitFor()
  const press = (...keys: string[]) =>
    keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve())
  const companyOf = async (index: number) =>
    (await rowsOf(page).nth(index).getByRole('gridcell').nth(2).textContent()) ?? ''
  const [, second, third] = [await companyOf(0), await companyOf(1), await companyOf(2)]

  await grid.focus()
  await press('ArrowDown', 'Enter')
  const panel = page.getByRole('dialog')
  await panel.getByRole('heading', { name: second }).waitFor()
  // The focus went in with it; arrows on the panel go through the list.
  await press('ArrowDown')
  await panel.getByRole('heading', { name: third }).waitFor()
  await press('Escape')
  await panel.waitFor({ state: 'hidden' })
  await page.locator('[role=treegrid]:focus').waitFor()

  // Contacts open and close below the row.
  await press('Home', 'ArrowRight')
  await grid.getByRole('listitem').first().waitFor()
  await press('ArrowLeft')
  await grid.getByRole('listitem').first().waitFor({ state: 'hidden' })

  // The menu of the row, at the row.
  await press('Shift+F10')
  await page.getByRole('menuitem', { name: 'Lead History' }).waitFor()
  await press('l', 'Enter')
  await panel.getByRole('tab', { name: 'Lead History', selected: true }).waitFor()
  await press('Escape')

  // The end of the list and back, far beyond what is drawn.
  await grid.focus()
  await press('End')
  await grid.getByRole('row', { selected: false }).last().waitFor()
  expect(await grid.getAttribute('aria-activedescendant')).toBeTruthy()
  await press('Home')
  await rowsOf(page).filter({ hasText: second }).waitFor()
  expect(complaints).toEqual([])
})

test('the first tab stop skips to the page, and every page is reached from the navigation', async () => {
  const { page } = await portal.visit('administrator@northwind.example', `${NORTHWIND}/leads`)
  await rowsOf(page).first().waitFor()
  await page.keyboard.press('Tab')
  await page.getByRole('link', { name: 'Skip to the page' }).waitFor()
  for (const name of ['Tenants', 'Jobs', 'Activity', 'Microsoft', 'Users', 'API clients', 'Permissions']) {
    await page.getByRole('navigation').getByRole('link', { name, exact: true }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('navigation').locator('[aria-current=page]', { hasText: name }).waitFor()
    await page.getByRole('heading', { level: 1 }).waitFor()
  }
})
