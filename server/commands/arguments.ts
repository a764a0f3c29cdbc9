import { readFileSync } from 'node:fs'
import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'

/** Wrong words on the command line: exit code 2, with the usage. */
export class UsageError extends Error {}

/**
 * The words after a command. What it has no use for is refused and not passed over: a third word, an option it does not
 * know, one that is given twice.
 *
 * @param most words beside the options: a number, or one for each verb (the first word); another verb is for the command
 */
export function readArguments<Options extends ParseArgsOptionsConfig>(
  args: string[],
  options: Options,
  most: number | Readonly<Record<string, number>>,
) {
  const { values, positionals, tokens } = parseArgs({ args, options, allowPositionals: true, tokens: true })
  const given = tokens.flatMap((token) => (token.kind === 'option' ? [token.rawName] : []))
  const twice = given.find((name, index) => given.indexOf(name) !== index)
  if (twice) throw new UsageError(`${twice} is given twice.`)
  const count = typeof most === 'number' ? most : (most[positionals[0] ?? ''] ?? positionals.length)
  if (positionals.length > count) throw new UsageError(`Not understood: ${positionals.slice(count).join(' ')}`)
  return { values, positionals }
}

/** Whether an error is about the words themselves, and they should be shown. */
export function isUsageError(error: unknown): error is Error {
  if (error instanceof UsageError) return true
  return error instanceof Error && String((error as { code?: string }).code).startsWith('ERR_PARSE_ARGS')
}

/** The content of a file that somebody named; `-` is standard input. */
export function readNamedFile(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const reasons: Record<string, string> = { ENOENT: 'there is none', EISDIR: 'it is a folder', EACCES: 'not allowed' }
    if (code === undefined) throw error
    throw new UsageError(`The file ${file} cannot be read: ${reasons[code] ?? code}.`)
  }
}
