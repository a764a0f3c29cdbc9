import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { CheckResult } from './check-result.ts'
import { CHECKOUT, runNode } from './run-program.ts'

type Report = {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
  testResults: {
    name: string
    status: 'passed' | 'failed'
    assertionResults: { status: string; meta?: { measured?: string } }[]
  }[]
}

export type StageOptions = {
  /** Another configuration of vitest than the checkout's own. */
  config?: string
  env?: Record<string, string>
  timeoutSeconds?: number
}

/** Runs one project of vitest.config.ts. A file that does not load, and an error outside a test, count as one failure each. */
export async function runTests(project: string, options: StageOptions = {}): Promise<CheckResult> {
  const { config = 'vitest.config.ts', env = {}, timeoutSeconds = 3_600 } = options
  const folder = mkdtempSync(join(tmpdir(), 'leadline-report-'))
  const file = join(folder, 'report.json')
  try {
    const { code, output } = await runNode(
      join(CHECKOUT, 'node_modules/vitest/vitest.mjs'),
      [
        'run',
        '--config',
        config,
        '--project',
        project,
        '--reporter=minimal',
        '--reporter=json',
        `--outputFile.json=${file}`,
        '--silent=passed-only',
      ],
      { timeoutSeconds, env: { ...(project === 'fresh' ? { LEADLINE_TEST_FRESH: 'true' } : {}), ...env } },
    )
    return read(file, code, output)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function read(file: string, code: number | null, output: string): CheckResult {
  let report: Report
  try {
    report = JSON.parse(readFileSync(file, 'utf8')) as Report
  } catch {
    return { passed: 0, failed: 1, summary: 'no report', output }
  }
  const passed = report.numPassedTests
  const broken = report.testResults.filter(
    (result) => result.status === 'failed' && !result.assertionResults.some((one) => one.status === 'failed'),
  ).length
  let failed = report.numFailedTests + broken
  // Nothing ran, or something failed that belongs to no test.
  if (failed === 0 && (code !== 0 || passed === 0)) failed = 1
  const left = report.numPendingTests + report.numTodoTests
  const parts = [`${report.testResults.length} files`, `${passed} tests`, ...(left > 0 ? [`${left} skipped`] : [])]
  const measured = report.testResults.flatMap((result) =>
    result.assertionResults.flatMap((one) => one.meta?.measured ?? []),
  )
  return { passed, failed, summary: [parts.join(', '), ...measured].join('; '), output }
}
