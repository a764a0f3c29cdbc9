import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../harness/client.ts'
import { NORTHWIND, type Portal, picture, resultsOf, rowsOf, startPortal } from './harness/portal.ts'

const LEADS = 20_000
let portal: Portal
beforeAll(async () => {
  portal = await startPortal({ leads: LEADS, env: { LEADLINE_LOG_LEVEL: 'error' } })
  const northwind = await portal.leadline.as('northwind-api')
  await eventually(
    () => northwind.get('/api/v4/leads?pageSize=1'),
    ({ body }) => body.total === LEADS,
    90,
  )
}, 240_000)
afterAll(() => portal?.close())

// In the page: looks at three heights of the list after each step whether there is a row.
const SCROLL = `new Promise((resolve) => {
  const grid = document.querySelector('[role=treegrid]')
  let steps = 0
  let blanks = 0
  const step = () => {
    grid.scrollTop += 800
    requestAnimationFrame(() => {
      const box = grid.getBoundingClientRect()
      for (const part of [0.15, 0.5, 0.85]) {
        const element = document.elementFromPoint(box.left + 120, box.top + 40 + part * (box.height - 60))
        if (!element || !element.closest('[role=row]')) blanks++
      }
      if (++steps < 250) step()
      else resolve({ blanks, rows: Math.round(grid.scrollTop / 38), nodes: document.querySelectorAll('*').length })
    })
  }
  step()
})`

test('20,000 leads scroll without blank rows, and only what is near the screen is in the page', async () => {
  const { page, complaints } = await portal.visit('administrator@northwind.example', `${NORTHWIND}/leads`)
  await rowsOf(page).first().waitFor()
  expect(await resultsOf(page)).toBe(LEADS - 3)
  expect(await page.getByRole('treegrid').getAttribute('aria-rowcount')).toBe(String(LEADS - 2))
  const seen = (await page.evaluate(SCROLL)) as { blanks: number; rows: number; nodes: number }
  await picture(page, '20000-rows')
  expect(seen.blanks).toBe(0)
  expect(seen.rows).toBeGreaterThan(2_000)
  expect(seen.nodes).toBeLessThan(4_000)
  expect(complaints).toEqual([])
})
