import { existsSync } from 'node:fs'
import { findInstalledPostgres } from '../server/platform/embedded-postgres/index.ts'
import { checkBoundaries } from './boundaries.ts'
import { runBrowserTests } from './browser-stage.ts'
import type { CheckResult, Skipped } from './check-result.ts'
import { runCrashes } from './crash-stage.ts'
import { checkLicenses } from './licenses.ts'
import { lint } from './lint.ts'
import { CHECKOUT, type ProgramResult, runNode } from './run-program.ts'
import { runTests } from './vitest-stage.ts'

export type Check = { name: string; meaning: string; run(): Promise<CheckResult | Skipped>; onDemand?: boolean }

const TSC = `${CHECKOUT}node_modules/typescript/bin/tsc`
/** Files made from others, each by a program that with `--check` says whether the committed one is fresh. */
const GENERATORS = ['tools/openapi.ts', 'tools/permissions.ts', 'tools/docs.ts']

/** Every fault of Microsoft's is met with five seeds there (R4). */
const DATABASE = { timeoutSeconds: 2_400 }

const installed = findInstalledPostgres()

/** Everything `npm test` does, in order. */
export const checks: Check[] = [
  { name: 'lint', meaning: 'form and common mistakes', run: checkForm },
  { name: 'types', meaning: 'TypeScript, strict', run: checkTypes },
  { name: 'boundaries', meaning: 'who imports whom, and that each rule strikes', run: boundaries },
  { name: 'generated', meaning: 'generated files are fresh', run: checkGenerated },
  { name: 'licenses', meaning: 'every package may be used', run: licenses },
  { name: 'unit', meaning: 'tests without a database', run: () => runTests('unit') },
  {
    name: 'postgres-18',
    meaning: 'tests on the PostgreSQL that comes along',
    run: () => runTests('postgres-18', DATABASE),
  },
  ...(installed
    ? [
        {
          name: `postgres-${installed.major}`,
          meaning: 'the same on the PostgreSQL of this machine',
          run: () => runTests(`postgres-${installed.major}`, DATABASE),
        },
      ]
    : []),
  { name: 'crash', meaning: 'kill -9 and pauses at random moments lose and double nothing', run: runCrashes },
  { name: 'browser', meaning: 'the portal in a real Chromium, as a person walks it', run: runBrowserTests },
  {
    name: 'fresh',
    meaning: 'npm start in an empty clone with an empty npm cache; takes minutes',
    run: () => runTests('fresh'),
    onDemand: true,
  },
]

function oneOf(result: ProgramResult): CheckResult {
  const ok = result.code === 0
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, summary: '', output: result.output }
}

async function checkForm(): Promise<CheckResult | Skipped> {
  const result = await lint()
  return result === null ? { skipped: `its program does not exist for ${process.arch}` } : oneOf(result)
}

async function checkTypes(): Promise<CheckResult> {
  const projects = ['tsconfig.json', 'web/tsconfig.json'].filter((file) => existsSync(`${CHECKOUT}${file}`))
  const results = await Promise.all(
    projects.map((project) => runNode(TSC, ['--noEmit', '--project', project], { timeoutSeconds: 300 })),
  )
  return oneOf({
    code: results.every((result) => result.code === 0) ? 0 : 1,
    output: results.map((result) => result.output).join('\n'),
    stdout: '',
  })
}

async function boundaries(): Promise<CheckResult> {
  const { modules, rules, problems } = await checkBoundaries()
  return verdict(problems, `${modules} modules, ${rules} rules`)
}

async function checkGenerated(): Promise<CheckResult> {
  const problems: string[] = []
  for (const generator of GENERATORS) {
    const { code, output } = await runNode(generator, ['--check'], { timeoutSeconds: 60 })
    if (code !== 0) problems.push(output)
  }
  return verdict(problems, '')
}

async function licenses(): Promise<CheckResult> {
  const { count, problems } = checkLicenses()
  return verdict(problems, `${count} packages`)
}

function verdict(problems: string[], summary: string): CheckResult {
  const ok = problems.length === 0
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, summary, output: problems.join('\n') }
}
