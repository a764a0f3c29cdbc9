import { writeFileSync } from 'node:fs'
import type { TestProject } from 'vitest/node'
import { serveBrowser } from './browser.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the one browser of the run is reached. */
    browserUrl: string
  }
}

/**
 * One browser for all files: each has contexts of its own in it, which end with its connection. Where none starts, the
 * reason goes to the file that `npm test` names, so that it can tell a machine without a browser from tests that fail.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  try {
    const { url, close } = await serveBrowser()
    project.provide('browserUrl', url)
    return close
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const file = process.env.LEADLINE_BROWSER_REASON_FILE
    if (file) writeFileSync(file, reason)
    throw error
  }
}
