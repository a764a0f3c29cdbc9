import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { CHECKOUT } from './run-program.ts'
import { runTests } from './vitest-stage.ts'

// npm run screenshots                 makes the pictures of README and docs anew, from a sandbox of the same seed
// npm run screenshots -- --out DIR    somewhere else

const { values } = parseArgs({ options: { out: { type: 'string' } } })
const folder = values.out ?? join(CHECKOUT, 'docs/images')

const { failed, output } = await runTests('pictures', {
  config: 'test/e2e/vitest.config.ts',
  env: { LEADLINE_PICTURES: folder },
  timeoutSeconds: 300,
})
if (failed > 0) {
  console.error(output)
  process.exitCode = 1
} else {
  for (const name of readdirSync(folder).filter((one) => one.endsWith('.png')))
    console.log(`${name.padEnd(24)}${Math.round(statSync(join(folder, name)).size / 1_000)} kB`)
}
