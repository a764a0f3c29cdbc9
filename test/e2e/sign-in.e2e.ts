import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../harness/client.ts'
import { NORTHWIND, PASSWORD, type Portal, picture, rowsOf, startPortal } from './harness/portal.ts'

let portal: Portal
beforeAll(async () => {
  portal = await startPortal()
})
afterAll(() => portal?.close())

test('somebody chooses a sample person, signs in and is at the leads', async () => {
  const { page, complaints } = await portal.visit(null, '/')
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await picture(page, 'sign-in')
  await page.getByRole('button', { name: /administrator@northwind\.example/ }).click()
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  await page.getByRole('treegrid', { name: 'New Leads' }).waitFor()
  expect(new URL(page.url()).pathname).toBe(`${NORTHWIND}/leads`)
  await page.getByText('Sandbox: Microsoft is simulated').waitFor()
  expect(complaints).toEqual([])

  await page.getByRole('button', { name: /account, theme, sign out/ }).click()
  await page.getByRole('menuitem', { name: 'Sign out' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await page.goto(`${NORTHWIND}/jobs`)
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
})

test('a link leads through sign-in to where it points; a foreign one does not', async () => {
  const { page } = await portal.visit(null, `${NORTHWIND}/tenants?status=Active`)
  await page.getByLabel('Email').fill('operator@northwind.example')
  await page.getByLabel('Password').fill(PASSWORD)
  await page.keyboard.press('Enter')
  await page.getByRole('treegrid', { name: 'Tenants' }).waitFor()
  expect(page.url()).toContain(`${NORTHWIND}/tenants?status=Active`)

  const other = await portal.visit(null, '/sign-in?next=//elsewhere.example/')
  await other.page.getByLabel('Email').fill('operator@northwind.example')
  await other.page.getByLabel('Password').fill(PASSWORD)
  await other.page.keyboard.press('Enter')
  await other.page.getByRole('treegrid', { name: 'New Leads' }).waitFor()
  expect(other.complaints).toEqual([])
})

test('a wrong password says so, keeps what was typed, and after many the button waits', async () => {
  const { page } = await portal.visit(null, '/sign-in')
  await page.getByLabel('Email').fill('nobody@northwind.example')
  await page.getByLabel('Password').fill('not the password')
  const submit = page.getByRole('button', { name: /^(Sign in|Signing in…|Wait \d+ s)$/ })
  await submit.click()
  await page.getByRole('alert').getByText(/wrong/i).waitFor()
  expect(await page.getByLabel('Email').inputValue()).toBe('nobody@northwind.example')
  await eventually(
    async () => {
      if ((await submit.textContent()) === 'Sign in') await submit.click()
      return submit.textContent()
    },
    (text) => /^Wait \d+ s$/.test(text ?? ''),
    40,
  )
  await page
    .getByRole('alert')
    .getByText(/Too many failed sign-ins/)
    .waitFor()
  expect(await page.getByLabel('Email').inputValue()).toBe('nobody@northwind.example')
})

test('who works for several operators is asked first, and two tabs may have different ones', async () => {
  const { page, context } = await portal.visit('platform@leadline.example', '/')
  await page.getByRole('heading', { name: 'Choose an operator' }).waitFor()
  await picture(page, 'choose-operator')
  await page.getByRole('link', { name: /Fabrikam Telecom/ }).click()
  await rowsOf(page).first().waitFor()
  expect(new URL(page.url()).pathname).toBe('/operators/869/leads')
  const fabrikamFirst = await rowsOf(page).first().textContent()

  const second = await context.newPage()
  await second.goto(`${NORTHWIND}/leads`)
  await rowsOf(second).first().waitFor()
  expect(await rowsOf(second).first().textContent()).not.toBe(fabrikamFirst)
  await page.reload()
  await rowsOf(page).first().waitFor()
  expect(await rowsOf(page).first().textContent()).toBe(fabrikamFirst)

  await page.getByRole('button', { name: /Operator: Fabrikam Telecom/ }).click()
  await page.getByRole('menuitemradio', { name: 'Northwind Voice' }).click()
  await page.waitForURL(`**${NORTHWIND}/leads`)
})

test("another carrier's address is told as one that is not there", async () => {
  const { page } = await portal.visit('administrator@northwind.example', '/operators/869/leads')
  await page.getByRole('heading', { name: 'This operator is not yours to see' }).waitFor()
})

test('a session that ends while somebody types is renewed in place, and what was typed is still there', async () => {
  const { page, context } = await portal.visit('administrator@northwind.example', `${NORTHWIND}/settings/users`)
  await page.getByRole('button', { name: 'Invite somebody' }).click()
  await page.getByLabel('Email').fill('dana@northwind.example')
  await page.getByLabel('Name').fill('Dana Wills')
  await context.clearCookies()
  await page.getByRole('button', { name: 'Make the link' }).click()
  const dialog = page.getByRole('alertdialog', { name: 'Your session has ended' })
  await dialog.waitFor()
  await picture(page, 'session-ended')
  expect(await dialog.getByLabel('Email').inputValue()).toBe('administrator@northwind.example')
  await dialog.getByLabel('Password').fill(PASSWORD)
  await dialog.getByRole('button', { name: 'Sign in' }).click()
  await dialog.waitFor({ state: 'hidden' })
  expect(await page.getByLabel('Email').inputValue()).toBe('dana@northwind.example')
  await page.getByRole('button', { name: 'Make the link' }).click()
  await page.getByText(/accept-invitation#/).waitFor()
})

test('an invited person follows the link, chooses a password and signs in; the link works once', async () => {
  const admin = await portal.visit('administrator@northwind.example', `${NORTHWIND}/settings/users`)
  await admin.page.getByRole('button', { name: 'Invite somebody' }).click()
  await admin.page.getByLabel('Email').fill('iris@northwind.example')
  await admin.page.getByLabel('Name').fill('Iris Novak')
  await admin.page.getByLabel('Tier').selectOption('channel')
  await admin.page.getByRole('combobox', { name: 'Channel' }).pressSequentially('river')
  await admin.page.getByRole('option', { name: 'Riverside IT' }).click()
  await picture(admin.page, 'invite')
  await admin.page.getByRole('button', { name: 'Make the link' }).click()
  const link = (await admin.page.getByText(/accept-invitation#/).textContent()) ?? ''

  const { page, complaints } = await portal.visit(null, new URL(link).pathname + new URL(link).hash)
  await page.getByRole('heading', { name: 'Accept your invitation' }).waitFor()
  await page.getByLabel('New password').fill('three quiet green lamps')
  await page.getByRole('button', { name: 'Accept' }).click()
  await page.getByRole('heading', { name: 'Sign in' }).waitFor()
  await page.getByLabel('Password').fill('three quiet green lamps')
  expect(await page.getByLabel('Email').inputValue()).toBe('iris@northwind.example')
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
  // She works for the channel, and sees its leads.
  await page.getByText('Riverside IT · Northwind Voice').waitFor()
  await page.getByRole('tab', { name: /Tenants/ }).click()
  await page.getByRole('treegrid').waitFor()
  expect(complaints).toEqual([])

  const again = await portal.visit(null, new URL(link).pathname + new URL(link).hash)
  await again.page.getByRole('heading', { name: 'This link no longer works' }).waitFor()
})
