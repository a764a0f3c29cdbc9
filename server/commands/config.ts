import { describeConfig, loadConfig } from '../config.ts'
import { isUsageError, readArguments } from './arguments.ts'
import { Terminal } from './start-terminal.ts'

export const summary = 'List every setting with its meaning, default and present value'

/** `leadline config`: every variable; wrong ones at the end, with exit code 2. */
export async function run(args: string[]): Promise<number> {
  const usage = `Usage: leadline config\n\n${summary}. Secrets are not shown.`
  if (args.includes('--help')) {
    console.log(usage)
    return 0
  }
  try {
    readArguments(args, {}, 0)
  } catch (error) {
    if (!isUsageError(error)) throw error
    new Terminal().complain(error.message, usage)
    return 2
  }
  for (const { name, meaning, default: standard, check, value } of describeConfig(process.env)) {
    console.log(
      `${name}\n  ${meaning}\n  must be: ${check}\n  default: ${standard}${value === null ? '' : `\n  set to:  ${value}`}\n`,
    )
  }
  const loaded = loadConfig(process.env)
  if (loaded.ok) return 0
  for (const { variable, problem, fix } of loaded.errors) console.error(`${variable}: ${problem}.\n  ${fix}`)
  return 2
}
