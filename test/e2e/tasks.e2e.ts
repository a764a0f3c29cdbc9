import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually, type Json } from '../harness/client.ts'
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
  await page.getByText(`${task.title}: Done in part`, { exact: true }).waitFor({ timeout: 15_000 })
  await page.keyboard.press('Escape')
  expect(new URL(page.url()).pathname).toBe(`${NORTHWIND}/tasks`)
  expect(complaints).toEqual([])
})
