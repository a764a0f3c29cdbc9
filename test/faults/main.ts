import { spawn } from 'node:child_process'
import { parseArgs } from 'node:util'
import { CHECKOUT } from '../../server/data-directory.ts'

// npm run faults: every fault of the simulator with many seeds; the database must end as that of a clean run (R4), and every
// way to break a connection must end well (R5).
//   --seeds N   default 50
//   --seed N    the first one (default 1); --seed 17 --seeds 1 repeats one

const { values } = parseArgs({ options: { seeds: { type: 'string' }, seed: { type: 'string' } } })
const env = {
  ...process.env,
  LEADLINE_TEST_FAULT_SEEDS: wholeNumber('seeds', values.seeds ?? '50'),
  LEADLINE_TEST_FAULT_SEED: wholeNumber('seed', values.seed ?? '1'),
}
const program = [
  'node_modules/vitest/vitest.mjs',
  'run',
  '--project',
  'postgres-18',
  'test/faults',
  '--reporter=verbose',
]
const child = spawn(process.execPath, program, { cwd: CHECKOUT, env, stdio: 'inherit' })
child.once('exit', (code) => {
  process.exitCode = code ?? 1
})

function wholeNumber(name: string, text: string): string {
  if (/^[1-9]\d{0,5}$/.test(text)) return text
  process.stderr.write(`--${name} is ${text}: give a whole number from 1 to 999999.\n`)
  process.exit(2)
}
