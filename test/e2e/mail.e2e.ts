import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { NORTHWIND, type Portal, picture, startPortal } from './harness/portal.ts'

// Mail as people meet it: settings with a test against the sandbox's mail server, what came back, and one's own choice.

const ADMINISTRATOR = 'administrator@northwind.example'
let portal: Portal
beforeAll(async () => {
  portal = await startPortal({ leads: 30 })
})
afterAll(() => portal?.close())

const mailbox = async (to?: string) =>
  (await portal.leadline.outside.control('GET', `/mailbox?limit=50${to ? `&to=${to}` : ''}`)).mails

test('a test shows what the server said at each stage, good and bad', async () => {
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/settings/mail`)
  await page.getByRole('button', { name: 'Send a test' }).click()
  await page.getByText('The server has taken the mail.').waitFor()
  expect(await mailbox(ADMINISTRATOR)).toHaveLength(1)
  await picture(page, 'mail-test-works')
  await portal.leadline.outside.control('PATCH', '/mailbox', { behaviour: 'bouncing' })
  await page.getByRole('button', { name: 'Send a test' }).click()
  await page.getByText('The mail was not taken.').waitFor()
  await page.getByText('there is no such mailbox here').waitFor()
  await page.getByRole('heading', { name: 'Sent and waiting' }).scrollIntoViewIfNeeded()
  await picture(page, 'mail-test-bounces')
  await portal.leadline.outside.control('PATCH', '/mailbox', { behaviour: 'normal' })
  expect(complaints).toEqual([])
})

test('a wrong sender is named at its field; the password is never shown', async () => {
  const { page } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/settings/mail`)
  const server = page.getByRole('form', { name: 'Mail server' })
  expect(await page.getByLabel('Password').inputValue()).toBe('')
  await page.getByLabel('Sender address').fill('Northwind <leads@northwind.example>')
  await server.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Give one mail address alone').waitFor()
  await page.getByLabel('Sender address').fill('desk@northwind.example')
  await server.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Mails that waited are sent now', { exact: true }).waitFor()
})

test('each person chooses what comes by mail', async () => {
  const { page, complaints } = await portal.visit(ADMINISTRATOR, '/account')
  await page.getByLabel('New leads').selectOption('never')
  await page.getByLabel('A webhook was paused').selectOption('digest')
  await page.reload()
  await expect.poll(() => page.getByLabel('New leads').inputValue()).toBe('never')
  expect(await page.getByLabel('A webhook was paused').inputValue()).toBe('digest')
  await picture(page, 'mail-choices')
  expect(complaints).toEqual([])
})

test('a new lead reaches those who want to know, once and with a bounce that says why; the first listing told nobody', async () => {
  const { outside } = portal.leadline
  await outside.control('DELETE', '/mailbox')
  await outside.control('PATCH', '/mailbox', { behaviour: 'bouncing' })
  await outside.control('POST', '/consents', { operator: 'northwind', company: 'Tailspin Toys', countries: ['GB'] })
  const api = await portal.leadline.as('northwind-api')
  await api.send('POST', '/api/v4/jobs/peering.sync-leads-job/runs')
  const { page } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/settings/mail`)
  // Twenty quiet seconds gather what belongs into one mail.
  await page.getByText('Northwind Voice: New lead: Tailspin Toys').first().waitFor()
  await page.getByText('Bounced').first().waitFor()
  await page.getByText('Bounced').last().scrollIntoViewIfNeeded()
  await picture(page, 'mail-bounced')
  const all: { id: string; subject: string; recipientAddress: string }[] = (await api.get('/api/v4/mails')).body.data
  // The sandbox gives a lead to its channel, whose people hear of that one alone.
  const data = all.filter(({ recipientAddress }) => recipientAddress.endsWith('@northwind.example'))
  expect(new Set(all.filter((one) => !data.includes(one)).map(({ subject }) => subject.split(': ')[1]))).toEqual(
    new Set(['A lead for you']),
  )
  expect(data.map(({ recipientAddress }) => recipientAddress).sort()).toEqual([
    'monitor@northwind.example',
    'operator@northwind.example',
  ])
  await outside.control('PATCH', '/mailbox', { behaviour: 'normal' })
  for (const { id } of data) await api.send('POST', `/api/v4/mails/${id}/retry`)
  await expect.poll(async () => (await mailbox()).length).toBe(2)
  await sleep(500)
  const [mail] = await mailbox('operator@northwind.example')
  expect(mail.subject).toBe('Northwind Voice: New lead: Tailspin Toys')
  expect(mail.text).toContain('/operators/868/leads/')
  expect(mail.html).not.toMatch(/<img|<script/)
})
