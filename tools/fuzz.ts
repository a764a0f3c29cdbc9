import { parseArgs } from 'node:util'
import { CHECKOUT, runNode } from './run-program.ts'

// npm run fuzz                                     2,000 requests with a new seed; npm test has one of its own
// npm run fuzz -- --requests 20000 --seed 7        as many as wanted, or those of a seed again
// npm run fuzz -- --listings 200                   listings of Microsoft with spoilt records

const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '2000' },
    listings: { type: 'string', default: '12' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
})
for (const [name, text] of Object.entries(values)) {
  if (/^\d{1,9}$/.test(text)) continue
  console.error(`--${name} must be a whole number, was "${text}".`)
  process.exit(2)
}
const { code, output } = await runNode(
  `${CHECKOUT}node_modules/vitest/vitest.mjs`,
  ['run', '--project', 'postgres-18', '--project', 'unit', '--reporter=verbose', 'test/fuzz'],
  {
    timeoutSeconds: 3_600,
    env: {
      LEADLINE_FUZZ_REQUESTS: values.requests,
      LEADLINE_FUZZ_LISTINGS: values.listings,
      LEADLINE_FUZZ_SEED: values.seed,
    },
  },
)
console.log(output)
console.log(`seed ${values.seed}`)
process.exitCode = code ?? 1
