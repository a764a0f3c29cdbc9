import { existsSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { exportFileName, exportToFile } from '../export-files.ts'
import { type ExportSettings, exportInstallation } from '../export-installation.ts'
import { journal } from '../modules/audit/index.ts'
import type { WrittenArchive } from '../platform/archive/index.ts'
import { readArguments, UsageError } from './arguments.ts'
import { type OpenInstallation, programVersion, terminalPrincipal, withInstallation } from './with-installation.ts'

export const summary = 'Write everything into one file, while Leadline runs'

const USAGE = `Usage: leadline export FILE
       leadline export -

${summary}: one consistent snapshot of the whole database, compressed, checked after it
was written. FILE may be a folder, then the file gets a name with the time. With - it goes to standard output, so that
it can be encrypted on the way: leadline export - | age -r age1… > leadline.age

The file holds everything but the master key (master.key in the data directory): keep a copy of that apart from it.
Exit codes: 0 done, 1 failed, 2 wrong arguments.`

export async function run(args: string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(USAGE)
    return 0
  }
  return withInstallation(USAGE, async (open) => {
    const [target] = readArguments(args, {}, 1).positionals
    if (target === undefined) throw new UsageError('Name one file, or - for standard output.')
    if (target === '-') {
      await record(open, await exportInstallation(process.stdout, exportSettings(open)), 'standard output')
      return 0
    }
    const path = targetPath(target)
    const written = await exportToFile(path, {
      ...exportSettings(open),
      onProgress: ({ table, bytes }) => open.terminal.progress('Exporting', `${megabytes(bytes)} MB, ${table}`),
    })
    await record(open, written, path)
    open.terminal.say(`${path}: ${written.rows} rows, ${megabytes(written.fileBytes)} MB.`)
    return 0
  })
}

/** What an export of this installation needs. */
export function exportSettings({ context, installation, ownerUrl }: OpenInstallation): ExportSettings {
  return { ownerUrl, masterKeys: context.masterKeys, installation, version: programVersion() }
}

/** That everything went out belongs into the journal, whoever may have done it. */
export async function record({ context }: OpenInstallation, written: WrittenArchive, to: string): Promise<void> {
  await context.transact(terminalPrincipal(null), (tx) =>
    journal(tx).append({
      action: 'installation.exported',
      object: { type: 'installation', id: written.header.installation.id },
      after: { to, rows: written.rows },
    }),
  )
}

export function megabytes(bytes: number): string {
  return (bytes / 1_048_576).toFixed(1)
}

function targetPath(target: string): string {
  const path = resolve(target)
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat?.isDirectory()) return join(path, exportFileName(new Date()))
  if (existsSync(path)) throw new UsageError(`${path} is there already: name another file.`)
  return path
}
