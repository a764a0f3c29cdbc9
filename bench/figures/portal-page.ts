import type { Page } from 'playwright-core'

// What runs in the page, as text: it has no types of ours. Times are the page's own, to the frame that shows the change.

const WAIT_MS = 20_000
/** The list, and not the settings of it. */
const LINK = 'a[href$="/leads"]:not([href*="/settings/"])'
const LIBRARY = `
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve))
  const row = () => document.querySelector('[role=treegrid] [role=row]:has([role=gridcell])')
  const until = async (holds) => {
    const end = performance.now() + ${WAIT_MS}
    while (!holds()) {
      if (performance.now() > end) throw new Error('It does not come on the screen')
      await frame()
    }
    // The frame in which it was found there has yet to be painted.
    await frame()
    return performance.now()
  }`

/** Milliseconds from the beginning of the navigation to the first row of the list on the screen. */
export function firstRow(page: Page): Promise<number> {
  return run(page, 'return until(row)')
}

/** Milliseconds from the click in the navigation to the first row of the list. */
export async function clickToRows(page: Page): Promise<number> {
  await page.getByRole('navigation').locator(LINK).waitFor()
  return run(
    page,
    `const link = document.querySelector('nav ${LINK}')
     const from = performance.now()
     link.click()
     return (await until(row)) - from`,
  )
}

/** Milliseconds from the input of a search (the first of the terms that changes it) to another first row; then undone. */
export async function filterToScreen(page: Page, terms: readonly string[]): Promise<number> {
  const box = page.getByRole('searchbox')
  await page.evaluate(`window.typedAt = null; document.querySelector('input[type=search], [role=searchbox]')
    .addEventListener('input', () => { window.typedAt ??= performance.now() })`)
  const before = await run<string>(page, 'return row().textContent')
  const term = terms.find((one) => !before.toLowerCase().includes(one.toLowerCase()))
  if (term === undefined) throw new Error('No search changes the first row')
  // Watched from before it is typed: the way here must not count.
  const shown = run<number>(
    page,
    `const before = ${JSON.stringify(before)}
     return (await until(() => window.typedAt && row() && row().textContent !== before)) - window.typedAt`,
  )
  await box.fill(term)
  const milliseconds = await shown
  await box.fill('')
  await run(page, `return until(() => row() && row().textContent === ${JSON.stringify(before)})`)
  return milliseconds
}

/** Scrolls through some thousand rows as fast as frames come, and counts places of the list in which there was none. */
export function scrollBlanks(page: Page): Promise<number> {
  return run(
    page,
    `const grid = document.querySelector('[role=treegrid]')
     let blanks = 0
     for (let step = 0; step < 120 && grid.scrollTop + grid.clientHeight < grid.scrollHeight; step++) {
       grid.scrollTop += 800
       await frame()
       const box = grid.getBoundingClientRect()
       for (const part of [0.15, 0.5, 0.85]) {
         const element = document.elementFromPoint(box.left + 120, box.top + 40 + part * (box.height - 60))
         if (!element || !element.closest('[role=row]')) blanks++
       }
     }
     grid.scrollTop = 0
     await frame()
     return blanks`,
  )
}

async function run<T = number>(page: Page, body: string): Promise<T> {
  return (await page.evaluate(`(async () => { ${LIBRARY}\n${body} })()`)) as T
}
