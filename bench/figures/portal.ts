import { gzipSync } from 'node:zlib'
import { type Browser, type BrowserContext, chromium, type Page, type Response } from 'playwright-core'
import { type ServedBrowser, serveBrowser } from '../../test/e2e/harness/browser.ts'
import { result } from '../report.ts'
import type { World } from '../world.ts'
import { type Extent, type Figure, roundsOf } from './figure.ts'
import { clickToRows, filterToScreen, firstRow, scrollBlanks } from './portal-page.ts'

const PERSON = 'administrator@northwind.example'
/** Of every sample person. */
const PASSWORD = 'leadline-sandbox'
const CODE_LIMIT_KB = 350

type Measured = { load: number[]; click: number[]; filter: number[]; blanks: number[]; codeKb: number[] }

/** P11: what somebody at a browser waits for, in a Chromium on this machine, with all leads of the world in the list. */
export const portal: Figure = {
  name: 'P11',
  async measure(world, extent) {
    let served: ServedBrowser
    try {
      served = await serveBrowser()
    } catch (error) {
      process.stderr.write(`P11 is not measured, no browser starts here: ${(error as Error).message}\n`)
      return []
    }
    let browser: Browser | undefined
    try {
      browser = await chromium.connect(served.url)
      return resultsOf(world, await rounds(world, extent, browser))
    } finally {
      await browser?.close()
      await served.close()
    }
  },
}

async function rounds(world: World, extent: Extent, browser: Browser): Promise<Measured> {
  const measured: Measured = { load: [], click: [], filter: [], blanks: [], codeKb: [] }
  const cookies = await signedIn(world, browser)
  const terms = await termsOf(world)
  for (const round of roundsOf(extent)) {
    // A person with nothing in the cache of his browser.
    const context = await browser.newContext({ baseURL: world.web.origin, viewport: { width: 1440, height: 900 } })
    context.setDefaultTimeout(30_000)
    await context.addCookies(cookies)
    const page = await context.newPage()
    const code = codeOf(page)
    await page.goto(`/operators/${world.operatorId}/leads`, { waitUntil: 'commit' })
    const loadedMs = await firstRow(page)
    measured.load.push(loadedMs)
    measured.codeKb.push(await code(loadedMs))
    // A person types and clicks on a page that has come to rest.
    await page.waitForLoadState('networkidle')
    const first = round % terms.length
    measured.filter.push(await filterToScreen(page, [...terms.slice(first), ...terms.slice(0, first)]))
    measured.blanks.push(await scrollBlanks(page))
    await page.goto(`/operators/${world.operatorId}/jobs`, { waitUntil: 'networkidle' })
    measured.click.push(await clickToRows(page))
    await context.close()
  }
  return measured
}

function resultsOf(world: World, { load, click, filter, blanks, codeKb }: Measured) {
  const line = { figure: 'P11', unit: 'ms' }
  const of = `${world.leadCount} leads`
  return [
    result({ ...line, what: `${of} usable after load`, values: load, bound: { floor: 1_000, better: 'lower' } }),
    result({ ...line, what: `click on Leads to rows, ${of}`, values: click, bound: { floor: 300, better: 'lower' } }),
    result({ ...line, what: `search to screen, ${of}`, values: filter, bound: { floor: 150, better: 'lower' } }),
    result({
      ...line,
      what: 'places without a row while scrolling',
      unit: '',
      values: blanks,
      bound: { floor: 0, better: 'lower' },
    }),
    result({
      ...line,
      what: 'code of the first page, gzip',
      unit: 'kB',
      values: codeKb,
      bound: { floor: CODE_LIMIT_KB, better: 'lower' },
    }),
  ]
}

type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>

async function signedIn(world: World, browser: Browser): Promise<Cookies> {
  const context = await browser.newContext()
  const answer = await context.request.post(`${world.web.origin}/api/v4/sessions`, {
    data: { email: PERSON, password: PASSWORD },
    headers: { 'x-leadline-csrf': '1' },
  })
  if (!answer.ok()) throw new Error(`${PERSON} cannot sign in: ${answer.status()} ${await answer.text()}`)
  const cookies = await context.cookies()
  await context.close()
  return cookies
}

/** Kilobytes of scripts that were asked for before a moment, each packed as gzip does it, whatever it came as. */
function codeOf(page: Page): (beforeMs: number) => Promise<number> {
  const scripts = new Map<string, Response>()
  const take = (response: Response) => {
    if (new URL(response.url()).pathname.endsWith('.js')) scripts.set(response.url(), response)
  }
  page.on('response', take)
  return async (beforeMs) => {
    // What comes later belongs to later pages, and may still be on its way when the page is closed.
    page.off('response', take)
    const asked = await page.evaluate<string[]>(
      `performance.getEntriesByType('resource').filter(({ startTime }) => startTime < ${beforeMs}).map(({ name }) => name)`,
    )
    const bodies = asked.flatMap((url) => scripts.get(url)?.body() ?? [])
    const sizes = (await Promise.all(bodies)).map((body) => gzipSync(body).length)
    return sizes.reduce((sum, size) => sum + size, 0) / 1_000
  }
}

/** Companies all over the list: the first row is another one when they are searched. */
async function termsOf({ owner, operatorId, leadCount }: World): Promise<string[]> {
  const { rows } = await owner.query<{ company: string }>(
    `select left(company_name, 8) as company from lead
     where operator_id = $1 and ump_customer_guid is null and arrival % $2 = 0 and company_name ~ '^[A-Za-z ]{8}' limit 30`,
    [operatorId, Math.max(1, Math.floor(leadCount / 200))],
  )
  if (rows.length === 0) throw new Error('No company to search for')
  return rows.map(({ company }) => company.trim())
}
