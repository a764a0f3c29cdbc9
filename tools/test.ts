import type { CheckResult, Skipped } from './check-result.ts'
import { type Check, checks } from './checks.ts'

// npm test                       every check, one line each; what a failed one said follows its line
// npm test -- --only unit,types  some of them, also those on demand
// npm test -- --list             their names

const args = process.argv.slice(2)
if (args.includes('--list')) {
  for (const { name, meaning, onDemand } of checks) {
    console.log(`${name.padEnd(14)}${meaning}${onDemand ? ' (only on demand)' : ''}`)
  }
} else {
  await runAll(chosen(args))
}

async function runAll(list: Check[]): Promise<void> {
  const startedAt = Date.now()
  let passed = 0
  let failed = 0
  const skipped: string[] = []
  for (const check of list) {
    const from = Date.now()
    const result = await attempt(check)
    console.log(line(check.name, result, Date.now() - from))
    if ('skipped' in result) {
      skipped.push(check.name)
      continue
    }
    if (result.failed > 0) console.log(`\n${indented(result.output)}\n`)
    passed += result.passed
    failed += result.failed
  }
  console.log(`\n${duration(Date.now() - startedAt)} in all`)
  if (skipped.length > 0) console.log(`Not done on this machine, for the reasons above: ${skipped.join(', ')}`)
  console.log(`${passed} passed, ${failed} failed`)
  process.exitCode = failed > 0 || passed === 0 ? 1 : 0
}

async function attempt(check: Check): Promise<CheckResult | Skipped> {
  try {
    return await check.run()
  } catch (error) {
    // A check that breaks has not passed.
    return { passed: 0, failed: 1, summary: 'broke', output: error instanceof Error ? `${error.stack}` : String(error) }
  }
}

function line(name: string, result: CheckResult | Skipped, milliseconds: number): string {
  const head = name.padEnd(14)
  if ('skipped' in result) return `-  ${head}skipped: ${result.skipped}`
  const { failed, summary } = result
  const words = [summary, failed > 0 ? `${failed} failed` : '', duration(milliseconds)].filter((word) => word !== '')
  return `${failed > 0 ? '✗' : '✓'}  ${head}${words.join(', ')}`
}

function duration(milliseconds: number): string {
  const seconds = milliseconds / 1_000
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`
}

function indented(text: string): string {
  return text.replace(/^/gm, '    ')
}

function chosen(words: string[]): Check[] {
  if (words.length === 0) return checks.filter((check) => !check.onDemand)
  const [flag, names, ...rest] = words
  if (flag !== '--only' || names === undefined || rest.length > 0) {
    return refuse(`Not understood: ${words.join(' ')}. Use --only NAME[,NAME] or --list.`)
  }
  return names.split(',').map((name) => {
    const check = checks.find((one) => one.name === name)
    return check ?? refuse(`There is no check "${name}". There are: ${checks.map((one) => one.name).join(', ')}.`)
  })
}

function refuse(problem: string): never {
  console.error(problem)
  process.exit(2)
}
