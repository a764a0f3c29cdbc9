import { CHECKOUT, type ProgramResult, runProgram } from './run-program.ts'

// npm run lint             every rule of biome.json, on every file
// npm run lint -- --fix    and mends what can be mended

/** null where there is no lint program for this machine's processor. */
export async function lint(args: string[] = []): Promise<ProgramResult | null> {
  if (process.arch !== 'x64') return null
  const biome = `${CHECKOUT}node_modules/@biomejs/cli-linux-x64/biome`
  const mend = args.includes('--fix') ? ['--write'] : []
  const colors = process.stdout.isTTY ? 'force' : 'off'
  // An advice is a defect that waits: either mended, or the rule is off in biome.json with a reason.
  const strict = ['--error-on-warnings', '--max-diagnostics=50', `--colors=${colors}`]
  return runProgram(biome, ['check', ...mend, ...strict, '.'], { timeoutSeconds: 120 })
}

if (import.meta.main) {
  const result = await lint(process.argv.slice(2))
  console.log(result?.output ?? 'Lint is skipped: its program exists for x64 only.')
  process.exitCode = result && result.code !== 0 ? 1 : 0
}
