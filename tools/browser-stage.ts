import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CheckResult, Skipped } from './check-result.ts'
import { runTests } from './vitest-stage.ts'

/**
 * The browser tests, in Chromium: CHROMIUM_PATH, else the system's, else the one that comes with npm. Where none starts
 * (npm has one for x64 and glibc only) they are skipped, with what the browser said.
 */
export async function runBrowserTests(): Promise<CheckResult | Skipped> {
  const folder = mkdtempSync(join(tmpdir(), 'leadline-browser-reason-'))
  const file = join(folder, 'reason')
  try {
    const result = await runTests('browser', {
      config: 'test/e2e/vitest.config.ts',
      env: { LEADLINE_BROWSER_REASON_FILE: file },
      timeoutSeconds: 3_600,
    })
    const reason = readReason(file)
    return reason === null ? result : { skipped: `no browser starts here: ${reason}` }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function readReason(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}
