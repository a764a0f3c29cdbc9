import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { PLANTED } from './planted-violations.ts'
import { CHECKOUT, runNode } from './run-program.ts'

// npm run boundaries    who may import whom, and the proof that each of these rules strikes

const CONFIG = '.dependency-cruiser.cjs'
const FOLDERS = ['contract', 'server', 'web', 'sim', 'test', 'bench', 'tools']
const SOURCE = /\.(ts|tsx|js|mjs|cjs)$/
const CRUISER = join(CHECKOUT, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs')

type Violation = { from: string; to: string; rule: { name: string } }
type Cruised = { modules: { source: string }[]; summary: { violations: Violation[] } }
type Rule = { name: string; comment?: string; from: { path?: string }; to: { path?: string[] } }
export type BoundaryCheck = { modules: number; rules: number; problems: string[] }

const { forbidden } = createRequire(import.meta.url)(join(CHECKOUT, CONFIG)) as { forbidden: Rule[] }

/** Cruises the checkout and the planted violations. No problem: the code keeps every rule, and every rule strikes. */
export async function checkBoundaries(): Promise<BoundaryCheck> {
  const [checkout, proof] = await Promise.all([checkCheckout(), checkRulesStrike()])
  return { modules: checkout.modules, rules: forbidden.length, problems: [...checkout.problems, ...proof] }
}

async function checkCheckout(): Promise<{ modules: number; problems: string[] }> {
  const folders = FOLDERS.filter((folder) => existsSync(join(CHECKOUT, folder)))
  const { modules, summary } = await cruise(CHECKOUT, [...folders, 'vitest.config.ts'])
  const problems = summary.violations.map(describe)
  const seen = new Set(modules.map((module) => module.source))
  // A configuration that looks at nothing finds nothing.
  const unseen = folders.flatMap(sourceFiles).filter((file) => !seen.has(file))
  if (unseen.length > 0) problems.push(`not looked at: ${unseen.join(', ')}`)
  problems.push(...modulesWithoutRank())
  if (folders.length < 4) problems.push(`only ${folders.join(', ')} found: is this the checkout?`)
  return { modules: seen.size, problems: [...new Set(problems)] }
}

/** A module that no rank names would be bound by no rule. */
function modulesWithoutRank(): string[] {
  const ranks = forbidden.filter((rule) => rule.name.endsWith('-imports-nothing-above-it'))
  const paths = ranks.flatMap(({ from, to }) => [from.path ?? '', ...(to.path ?? [])])
  return readdirSync(join(CHECKOUT, 'server/modules'))
    .map((name) => `server/modules/${name}/`)
    .filter((folder) => !paths.some((path) => new RegExp(path).test(folder)))
    .map((folder) => `${folder} has no rank: give it one in ${CONFIG} and docs/architecture.md`)
}

async function checkRulesStrike(): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'leadline-boundaries-'))
  try {
    const planted = Object.values(PLANTED).flat()
    const files = new Set(planted.flatMap(([from, to]) => (isOurs(to) ? [from, to] : [from])))
    for (const file of files)
      plant(
        folder,
        file,
        planted.filter(([from]) => from === file).map(([, to]) => to),
      )
    for (const file of ['package.json', 'tsconfig.json']) cpSync(join(CHECKOUT, file), join(folder, file))
    symlinkSync(join(CHECKOUT, 'node_modules'), join(folder, 'node_modules'))
    const folders = readdirSync(folder).filter((name) => FOLDERS.includes(name))
    const { summary } = await cruise(folder, ['--preserve-symlinks', ...folders])
    return [...withoutPlant(), ...missed(summary.violations)]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function withoutPlant(): string[] {
  const names = forbidden.map((rule) => rule.name)
  return [
    ...names.filter((name) => !PLANTED[name]?.length).map((name) => `${name}: no planted violation proves it`),
    ...Object.keys(PLANTED)
      .filter((name) => !names.includes(name))
      .map((name) => `${name}: planted, but there is no such rule`),
    ...forbidden.filter((rule) => !rule.comment).map(({ name }) => `${name}: its comment names no remedy`),
  ]
}

function missed(violations: Violation[]): string[] {
  return Object.entries(PLANTED).flatMap(([name, plants]) =>
    plants
      // Of a cycle one half is reported.
      .filter(([from]) => !violations.some(({ rule, from: one, to }) => rule.name === name && [one, to].includes(from)))
      .map(([from, to]) => `${name} does not strike: ${from} → ${to}`),
  )
}

async function cruise(cwd: string, args: string[]): Promise<Cruised> {
  const { stdout, output } = await runNode(
    CRUISER,
    ['--config', join(CHECKOUT, CONFIG), '--output-type', 'json', ...args],
    {
      cwd,
      timeoutSeconds: 120,
    },
  )
  if (!stdout.startsWith('{')) throw new Error(`dependency-cruiser failed:\n${output}`)
  return JSON.parse(stdout) as Cruised
}

function plant(folder: string, file: string, targets: string[]): void {
  const path = join(folder, file)
  mkdirSync(dirname(path), { recursive: true })
  const imports = targets.map((to) => `import '${isOurs(to) ? specifier(file, to) : to}'\n`)
  writeFileSync(path, `${imports.join('')}export const planted = true\n`)
}

function isOurs(target: string): boolean {
  return target.includes('/')
}

function specifier(from: string, to: string): string {
  const path = relative(dirname(from), to)
  return path.startsWith('.') ? path : `./${path}`
}

function sourceFiles(folder: string): string[] {
  return readdirSync(join(CHECKOUT, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name}`)
    .filter((name) => SOURCE.test(name) && !name.endsWith('.d.ts') && !/(^|\/)(dist|node_modules)\//.test(name))
}

function describe({ from, to, rule }: Violation): string {
  const remedy = forbidden.find(({ name }) => name === rule.name)?.comment
  return `${from} → ${to}\n    ${rule.name}: ${remedy}`
}

if (import.meta.main) {
  const { modules, rules, problems } = await checkBoundaries()
  for (const problem of problems) console.error(problem)
  console.log(`${modules} modules, ${rules} rules, ${problems.length} problems`)
  process.exitCode = problems.length > 0 ? 1 : 0
}
