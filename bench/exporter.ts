import { stat } from 'node:fs/promises'
import { exportToFile } from '../server/export-files.ts'
import { parseMasterKeys } from '../server/platform/secrets/index.ts'
import { answerQuestions } from './child.ts'

// The process of `leadline export`: what it needs is measured from outside.

export type ExportQuestion = { ownerUrl: string; path: string } | null
export type ExportAnswer = { rows: number; textBytes: number; fileBytes: number; milliseconds: number }

const masterKeys = parseMasterKeys(Buffer.alloc(32, 7).toString('base64'))

answerQuestions<ExportQuestion>(async (question) => {
  // The first question only asks whether the program is there.
  if (question === null) return null
  const { ownerUrl, path } = question
  const started = performance.now()
  const { rows, bytes } = await exportToFile(path, { ownerUrl, masterKeys, installation: null, version: '0.0.0' })
  const milliseconds = performance.now() - started
  return { rows, textBytes: bytes, fileBytes: (await stat(path)).size, milliseconds } satisfies ExportAnswer
})
