import AxeBuilder from '@axe-core/playwright'
import type { Page } from 'playwright-core'

/** What axe reports of the page, or only of what is `within` it. */
export async function violationsOf(page: Page, within?: string): Promise<unknown[]> {
  // Fluent's guards of the focus: each hands it on the moment it gets it, so nobody is ever there.
  const axe = new AxeBuilder({ page }).exclude('[data-tabster-dummy]')
  const { violations } = await (within === undefined ? axe : axe.include(within)).analyze()
  return violations.map(({ id, nodes }) => ({
    id,
    where: nodes.slice(0, 4).map(({ html, any }) => [html.slice(0, 300), any[0]?.message]),
  }))
}
