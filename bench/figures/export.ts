import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { EXPORT_NODE_FLAGS } from '../../server/export-files.ts'
import type { Child } from '../child.ts'
import type { ExportAnswer } from '../exporter.ts'
import { type Result, result } from '../report.ts'
import { addedMemoryOf } from '../server-figures.ts'
import type { World } from '../world.ts'
import { type Figure, roundsOf } from './figure.ts'

/** What `leadline export` of everything adds to its process at its peak, the first one of a process included. */
export const exportEverything: Figure = {
  name: 'export',
  async measure(world, extent) {
    const measured: { added: number; answer: ExportAnswer }[] = []
    for (const _round of roundsOf(extent)) measured.push(await exportOnce(world))
    const line = { figure: 'export' }
    const last = measured.at(-1)?.answer
    const of = (value: (answer: ExportAnswer) => number) => measured.map(({ answer }) => value(answer))
    const results: Result[] = [
      result({
        ...line,
        what: `added peak memory, export of ${world.leadCount} leads`,
        unit: 'MB',
        values: measured.map(({ added }) => added),
        bound: { floor: 50, better: 'lower' },
      }),
      result({
        ...line,
        what: 'time of it, written and read again to check it',
        unit: 's',
        values: of(({ milliseconds }) => milliseconds / 1_000),
        ...(last && { note: `${last.rows} rows, ${megabytes(last.textBytes)} of text` }),
      }),
      result({ ...line, what: 'the file', unit: 'MB', values: of(({ fileBytes }) => fileBytes / 1_000_000) }),
    ]
    return results
  },
}

/** In a process of its own each time, as the command is. */
async function exportOnce(world: World): Promise<{ added: number; answer: ExportAnswer }> {
  const child: Child = world.startProgram('exporter', 'exporter.ts', { NODE_OPTIONS: EXPORT_NODE_FLAGS.join(' ') })
  const path = join(world.directory, 'bench.export.zst')
  try {
    await child.ask(null)
    let answer: ExportAnswer | undefined
    const added = await addedMemoryOf(child.pid, async () => {
      answer = await child.ask<ExportAnswer>({ ownerUrl: world.ownerUrl, path })
    })
    if (!answer) throw new Error('the exporter gave no answer')
    return { added, answer }
  } finally {
    await child.stop()
    await rm(path, { force: true })
  }
}

const megabytes = (bytes: number) => `${(bytes / 1_000_000).toFixed(0)} MB`
