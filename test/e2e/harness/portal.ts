import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { inject } from 'vitest'
import { eventually } from '../../harness/client.ts'
import { type Leadline, type LeadlineOptions, startLeadline } from '../../harness/leadline.ts'

export const PASSWORD = 'leadline-sandbox'
export const NORTHWIND = '/operators/868'

/** A page in a context of its own, and everything that must not happen on it. */
export type Visit = {
  page: Page
  context: BrowserContext
  /** What the page complained about: errors in the console, uncaught ones, and requests to other servers. */
  complaints: string[]
}

export type Portal = {
  leadline: Leadline
  /** Opens an address; `person` null: not signed in. */
  visit(person: string | null, path: string, options?: BrowserContextOptions): Promise<Visit>
  close(): Promise<void>
}

/** The sandbox with its first sync done, and a browser. */
export async function startPortal(options: LeadlineOptions = {}): Promise<Portal> {
  const leadline = await startLeadline(options)
  const northwind = await leadline.as('northwind-api')
  await eventually(
    () => northwind.get('/api/v4/leads?licensed=true'),
    ({ status, body }) => status === 200 && (options.leads === 0 || body.total > 0),
    60,
  )
  const browser = await chromium.connect(inject('browserUrl'))
  return {
    leadline,
    async visit(person, path, contextOptions = {}) {
      const context = await browser.newContext({
        baseURL: leadline.baseUrl,
        locale: 'en-GB',
        timezoneId: 'Europe/Berlin',
        viewport: { width: 1440, height: 900 },
        ...contextOptions,
      })
      context.setDefaultTimeout(60_000)
      const page = await context.newPage()
      const complaints = complaintsOf(page, leadline.baseUrl)
      if (person) await signIn(context, leadline.baseUrl, person)
      await page.goto(path)
      return { page, context, complaints }
    },
    async close() {
      await browser.close()
      await leadline.close()
    },
  }
}

/** By the API, as the form does it: what the form itself does has a test of its own. */
async function signIn(context: BrowserContext, baseUrl: string, email: string): Promise<void> {
  const answer = await context.request.post(`${baseUrl}/api/v4/sessions`, {
    data: { email, password: PASSWORD },
    headers: { 'x-leadline-csrf': '1' },
  })
  if (!answer.ok()) throw new Error(`${email} cannot sign in: ${answer.status()} ${await answer.text()}`)
}

function complaintsOf(page: Page, baseUrl: string): string[] {
  const complaints: string[] = []
  page.on('console', (message) => {
    // A refusal is an answer; the browser reports each as an error of its own accord.
    if (message.type() === 'error' && !/status of (401|403|404|409|410|429|503)/.test(message.text()))
      complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(baseUrl) && !url.startsWith('data:')) complaints.push(`asks another server: ${url}`)
  })
  return complaints
}

/** A picture for people, where LEADLINE_SHOTS says that they are wanted. */
export async function picture(page: Page, name: string): Promise<void> {
  const folder = process.env.LEADLINE_SHOTS
  if (!folder) return
  mkdirSync(folder, { recursive: true })
  await page.screenshot({ path: join(folder, `${name}.png`) })
}

/** Resolves when nothing on the page moves any more: panels and pop-ups come in half transparent. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(ANIMATIONS_ENDED)
}

// A spinner turns for ever; what is removed while it moves is cancelled, and that is an end as well.
const ANIMATIONS_ENDED = `new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))).then(() =>
  Promise.allSettled(document.getAnimations()
    .filter((one) => one.effect?.getComputedTiming().iterations !== Infinity)
    .map((one) => one.finished)))`

/** The rows of a list that are on the screen, without its header. */
export function rowsOf(page: Page) {
  return page
    .getByRole('treegrid')
    .getByRole('row')
    .filter({ has: page.getByRole('gridcell') })
}

/** How many leads the toolbar says there are. */
export async function resultsOf(page: Page): Promise<number> {
  const text = await page
    .getByRole('search')
    .getByText(/results?$/)
    .textContent()
  return Number((text ?? '').replace(/\D/g, ''))
}
