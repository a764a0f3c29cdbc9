import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually, type Json } from '../harness/client.ts'
import { SYNC_LEADS } from '../harness/runs.ts'
import { NORTHWIND, type Portal, picture, startPortal } from './harness/portal.ts'

const ADMINISTRATOR = 'administrator@northwind.example'
let portal: Portal
let task: Json
beforeAll(async () => {
  portal = await startPortal({ leads: 60 })
  const northwind = await portal.leadline.as('northwind-api')
  const { body } = await northwind.send('POST', '/api/v4/leads/bulk', { action: 'archive', filter: {} })
  task = await eventually(
    async () => (await northwind.get(`/api/v4/tasks/${body.id}`)).body,
    ({ state }) => state === 'partial',
  )
})
afterAll(() => portal?.close())

test('tasks are listed under Jobs with what came of them, and retried with a word at the end', async () => {
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/jobs`)
  await page.getByRole('tab', { name: 'Tasks' }).click()
  const row = page.getByRole('row').filter({ hasText: task.title })
  await row.getByText('Done in part').waitFor()
  await row.getByText(`${task.items.failed} failed`).waitFor()
  await picture(page, 'tasks')
  await row.getByRole('link', { name: task.title }).click()
  const panel = page.getByRole('dialog', { name: task.title })
  await panel.getByText('Archive the leads').waitFor()
  await panel
    .getByText(/Only a Removed lead can be archived/)
    .first()
    .waitFor()
  await picture(page, 'task')
  await panel.getByRole('button', { name: 'Try again what failed' }).click()
  await page.getByText(`${task.title}: Done in part`, { exact: true }).waitFor()
  await page.keyboard.press('Escape')
  expect(new URL(page.url()).pathname).toBe(`${NORTHWIND}/tasks`)
  expect(complaints).toEqual([])
})

test('a run is stopped while it goes on', async () => {
  const { control } = portal.leadline.outside
  const fault = { name: 'slow', operator: 'northwind', endpoint: 'list', delayMs: 20_000, times: 1 }
  await control('POST', '/faults', fault)
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/jobs`)
  const row = page.getByRole('row').filter({ hasText: SYNC_LEADS })
  await row.getByRole('button', { name: `Run now: ${SYNC_LEADS}` }).click()
  await row.getByRole('button', { name: `Stop: ${SYNC_LEADS}` }).click()
  await row.getByText('Cancelled').waitFor()
  await row.getByRole('button', { name: `Run now: ${SYNC_LEADS}` }).waitFor()
  expect(complaints).toEqual([])
})

test('an event that was given up is told on the page of jobs, and delivered again', async () => {
  const subscriber = 'peering.addresses-after-sync'
  await portal.leadline.db.asOwner.query(
    `insert into outbox_delivery (subscriber, position, key, operator_id, state, error, attempts, dead_at)
     select $1, max(position), 'sync/868', 868, 'dead', 'The disk was full.', 10, now()
     from outbox_event where operator_id = 868 and name = 'leads.synced'`,
    [subscriber],
  )
  const { page, complaints } = await portal.visit(ADMINISTRATOR, `${NORTHWIND}/jobs`)
  const section = page.getByRole('region', { name: 'Events that were given up' })
  await section.getByText('The disk was full.').waitFor()
  await picture(page, 'undelivered-events')
  await section.getByRole('button', { name: `Deliver again: leads.synced for ${subscriber}` }).click()
  await section.waitFor({ state: 'detached' })
  const messages = page.getByRole('region', { name: 'Messages' })
  await messages.getByText(`leads.synced is being delivered again for ${subscriber}`).first().waitFor()
  expect(complaints).toEqual([])
})
