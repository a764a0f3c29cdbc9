import { afterAll, beforeAll, expect, test } from 'vitest'
import { NORTHWIND, type Portal, picture, startPortal } from './harness/portal.ts'

const ADMINISTRATOR = 'administrator@northwind.example'
let portal: Portal
beforeAll(async () => {
  portal = await startPortal({ leads: 30 })
})
afterAll(() => portal?.close())

test('the connection is tested stage by stage, the secret is written with blanks around it and never shown', async () => {
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/settings/microsoft`)
  await page.getByRole('button', { name: 'Test connection' }).click()
  await page.getByText('The connection works.').waitFor()
  await picture(page, 'connection-works')
  await page.getByLabel('Client secret').fill('  wrong  ')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Connection saved', { exact: true }).waitFor()
  expect(await page.getByLabel('Client secret').inputValue()).toBe('')
  await page.getByRole('button', { name: 'Test connection' }).click()
  await page.getByText('The connection does not work.').waitFor()
  await page.getByText('Microsoft gives a token').waitFor()
  await picture(page, 'connection-fails')
  await page.getByLabel('Client secret').fill(' northwind-sim-secret ')
  await page.getByRole('button', { name: 'Save' }).click()
  await page
    .getByText('Stored. Leave empty to keep it')
    .or(page.getByPlaceholder('Stored. Leave empty'))
    .first()
    .waitFor()
  await page.getByRole('button', { name: 'Test connection' }).click()
  await page.getByText('The connection works.').waitFor()
  expect(complaints).toEqual([])
})

test('a wrong address is named at its field, and what was typed stays', async () => {
  const { page } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/settings/microsoft`)
  await page.getByRole('button', { name: /Addresses, token and dialect/ }).click()
  await page.getByLabel('Base address').fill('http://elsewhere.example/api')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Use https; http is accepted on the loopback address only.').waitFor()
  expect(await page.getByLabel('Base address').inputValue()).toBe('http://elsewhere.example/api')
})

test('a client is made, its secret shown once and good, then rotated and revoked', async () => {
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/settings/clients`)
  await page.getByRole('button', { name: 'Create client' }).click()
  const panel = page.getByRole('dialog')
  await panel.getByLabel('Name').fill('Billing export')
  await panel.getByRole('button', { name: 'Create client' }).click()
  const secret = (await panel.getByText(/^lls_/).textContent()) ?? ''
  await picture(page, 'client-secret')
  await panel.getByRole('button', { name: 'Close' }).click()
  const row = page.getByRole('row').filter({ hasText: 'Billing export' })
  const clientId = (await row.getByRole('cell').first().textContent())?.trim() ?? ''
  const client = await portal.leadline.as(clientId, secret)
  expect((await client.get('/api/v2/oc/lead')).status).toBe(200)

  await row.getByRole('button', { name: 'Billing export' }).click()
  await panel.getByRole('button', { name: 'Make a new secret' }).click()
  await panel.getByText(/^lls_/).waitFor()
  expect(await panel.getByText(/^lls_/).textContent()).not.toBe(secret)
  await panel.getByRole('button', { name: 'Revoke client' }).click()
  await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke client' }).click()
  await row.getByText('Revoked').waitFor()
  expect((await client.get('/api/v2/oc/lead')).status).toBe(401)
  expect(complaints).toEqual([])
})

test('a job is started by hand and shows what came of it; the journal has it and is whole', async () => {
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/jobs`)
  await page.getByRole('button', { name: 'Run now: peering.sync-leads-job' }).click()
  await page.getByRole('link', { name: 'peering.sync-leads-job' }).click()
  const panel = page.getByRole('dialog', { name: 'peering.sync-leads-job' })
  await panel.getByText(/Started by .*Nora/).waitFor()
  await panel.getByText('30 listed, 30 unchanged').first().waitFor()

  await page.goto(`${NORTHWIND}/activity`)
  await page.getByRole('row').filter({ hasText: 'Job started by hand' }).click()
  await page.getByRole('dialog').getByText('Nora Lindqvist').waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Verify journal' }).click()
  await page.getByText(/whole and unchanged/).waitFor()
  expect(complaints).toEqual([])
})
