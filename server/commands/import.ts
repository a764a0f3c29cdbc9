import { createReadStream, readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Config, loadConfig } from '../config.ts'
import { resolveDataDirectory } from '../data-directory.ts'
import { importInstallation } from '../import-installation.ts'
import { checkArchive, openArchive } from '../platform/archive/index.ts'
import { isUsageError, readArguments, UsageError } from './arguments.ts'
import { megabytes } from './export.ts'
import { livingInstances } from './start-instances.ts'
import { Terminal } from './start-terminal.ts'
import { programVersion } from './with-installation.ts'

export const summary = 'Bring an export back, into an empty installation'

const USAGE = `Usage: leadline import FILE [--master-key FILE] [--without-master-key]
       leadline import FILE --check

${summary}: row for row, in one transaction. FILE - is standard input. The data
directory (LEADLINE_DATA_DIR) is made; the built-in database is in it, or DATABASE_URL names an empty one. An export of
an older version is brought to this one.

--master-key FILE     the master.key of the installation that wrote the export, unless LEADLINE_MASTER_KEY is set
--without-master-key  the key is lost: secrets must be entered anew, and the journal's signatures cannot be checked
--check               reads the whole file and says whether it is in order; changes nothing

Exit codes: 0 done, 1 refused or failed, 2 wrong settings or arguments.`

const OPTIONS = {
  'master-key': { type: 'string' },
  'without-master-key': { type: 'boolean' },
  check: { type: 'boolean' },
} as const

type Words = { file: string; masterKey: string | undefined; withoutMasterKey: boolean; check: boolean }

export async function run(args: string[]): Promise<number> {
  const terminal = new Terminal()
  if (args.includes('--help')) {
    terminal.say(USAGE)
    return 0
  }
  try {
    const words = readWords(args)
    return words.check ? await check(words, terminal) : await bringBack(words, terminal)
  } catch (error) {
    const { remedy, message } = error as { remedy?: string; message: string }
    if (isUsageError(error)) {
      terminal.complain(message, USAGE)
      return 2
    }
    // What is made for people carries its remedy; of the file system, the words say which file it was.
    if (remedy === undefined && (error as NodeJS.ErrnoException).syscall === undefined) throw error
    terminal.complain(message, remedy)
    return 1
  }
}

async function check({ file }: Words, terminal: Terminal): Promise<number> {
  const archive = await openArchive(openFile(file))
  const { createdAt, leadline, installation } = archive.header
  const { rows, tables } = await checkArchive(archive)
  terminal.say(
    `In order: ${rows} rows of ${tables} tables, written ${createdAt} by Leadline ${leadline}, of the ${installation.kind} ${installation.id}.`,
  )
  return 0
}

async function bringBack(words: Words, terminal: Terminal): Promise<number> {
  const loaded = loadConfig(process.env)
  if (!loaded.ok) {
    for (const { variable, problem, fix } of loaded.errors) terminal.complain(`${variable}: ${problem}.`, fix)
    return 2
  }
  const { config } = loaded
  const dataDirectory = resolveDataDirectory(config.dataDirectory)
  if (isRunning(config, dataDirectory)) {
    terminal.complain(
      'Leadline is running on this data directory.',
      'Stop it, or set LEADLINE_DATA_DIR to a new folder.',
    )
    return 1
  }
  const archive = await openArchive(openFile(words.file))
  const { createdAt, installation } = archive.header
  const total = words.file === '-' ? 0 : statSync(words.file).size
  try {
    const { rows, tables } = await importInstallation(archive, {
      ...{ config, dataDirectory, version: programVersion() },
      masterKey: words.masterKey
        ? { text: readFileSync(words.masterKey, 'utf8'), from: resolve(words.masterKey) }
        : null,
      withoutMasterKey: words.withoutMasterKey,
      onProgress: (what) => {
        const share =
          total > 0 ? `${Math.floor((archive.bytesRead() / total) * 100)} % of ${megabytes(total)} MB, ` : ''
        terminal.progress('Importing', share + what)
      },
    })
    terminal.say(`${rows} rows of ${tables} tables, as they were on ${createdAt}: the ${installation.kind} is back.`)
    terminal.say('Start it with: leadline start')
    return 0
  } finally {
    archive.close()
  }
}

function isRunning({ database }: Config, dataDirectory: string): boolean {
  // Of another database nobody can tell; that it is empty is looked at in the transaction.
  return !database.url && livingInstances(dataDirectory).length > 0
}

function readWords(args: string[]): Words {
  const { values, positionals } = readArguments(args, OPTIONS, 1)
  const [file] = positionals
  if (file === undefined) throw new UsageError('Name one file, or - for standard input.')
  if (values['master-key'] !== undefined && values['without-master-key'])
    throw new UsageError('--master-key and --without-master-key: give one of them.')
  return {
    file,
    masterKey: values['master-key'],
    withoutMasterKey: values['without-master-key'] === true,
    check: values.check === true,
  }
}

function openFile(file: string) {
  return file === '-' ? process.stdin : createReadStream(file, { highWaterMark: 256 * 1024 })
}
