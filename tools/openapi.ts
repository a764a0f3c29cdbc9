import { readFile, writeFile } from 'node:fs/promises'
import { endpoints } from '../contract/index.ts'
import { openApiText } from '../contract/openapi.ts'

// Writes openapi.json from contract/; with --check it only says whether the committed one is fresh.
const file = new URL('../openapi.json', import.meta.url)
const { version } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {
  version: string
}
const text = openApiText(endpoints, version)

if (process.argv.includes('--check')) {
  const committed = await readFile(file, 'utf8').catch(() => '')
  if (committed !== text) {
    console.error('openapi.json does not match contract/: run `node tools/openapi.ts` and commit it.')
    process.exitCode = 1
  }
} else {
  await writeFile(file, text)
  console.log(`openapi.json: ${endpoints.length} endpoints`)
}
