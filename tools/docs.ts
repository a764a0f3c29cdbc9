import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { describeConfig } from '../server/config.ts'
import { CHECKOUT, runProgram } from './run-program.ts'

// node tools/docs.ts                            writes docs/configuration.md and the figures of README.md
// node tools/docs.ts --check                    says whether both are fresh
// node tools/docs.ts --run --api URL --sim URL  runs the examples of README.md and docs/api against a sandbox

const FIGURES_BEGIN = '<!-- Figures: written by tools/docs.ts from bench/results.json -->'
const FIGURES_END = '<!-- End of the figures -->'

/** What of bench/results.json the README shows. */
export type BenchReport = {
  date: string
  versions: { leadline: string; commit: string | null; node: string; postgresql: string }
  machine: { cpus: number; model: string; memoryGb: number; stolenShare?: number }
  data: { leads: number; rounds: number }
  figures: BenchFigure[]
}

type Spread = { median: number; min: number; max: number }
type BenchFigure = {
  figure: string
  what: string
  unit: string
  reached: Spread
  limit?: { name: string; reached: Spread }
  ratio?: Spread
  bound?: { floor: number; aim?: number; better: 'lower' | 'higher' }
  verdict: 'aim' | 'floor' | 'missed' | 'shown'
}

/** docs/configuration.md: every variable, from the table that reads them. */
export function configurationText(): string {
  const rows = describeConfig().map(({ name, meaning, default: standard, check }) =>
    row([`\`${name}\``, meaning, check, standard]),
  )
  return `# Configuration

<!-- Written by tools/docs.ts from server/config.ts. Do not edit. -->

Settings are environment variables. One that is empty counts as not set, one that begins with \`LEADLINE_\` and is not in this list is
an error, and all errors are told at once, each with its fix. \`leadline config\` prints the same list with the present values; secrets
stay hidden. What only the simulator reads is in [sim/README.md](../sim/README.md).

${row(['Variable', 'Meaning', 'Must be', 'Default'])}
${row(['---', '---', '---', '---'])}
${rows.join('\n')}
`
}

/** The figures of the README, markers included. `report` null: nothing was measured yet. */
export function figuresText(report: BenchReport | null): string {
  const body = report ? measured(report) : 'Nothing has been measured on this checkout yet: `npm run bench` does it.'
  return `${FIGURES_BEGIN}\n\n${body}\n\n${FIGURES_END}`
}

/** README.md with these figures in place of those it has. Throws when the markers are not there exactly once. */
export function withFigures(readme: string, figures: string): string {
  const parts = readme.split(FIGURES_BEGIN)
  const [before = '', rest = ''] = parts
  const after = rest.split(FIGURES_END)
  if (parts.length !== 2 || after.length !== 2) throw new Error('README.md lacks the markers of the figures.')
  return `${before}${figures}${after[1]}`
}

function measured({ date, versions, machine, data, figures }: BenchReport): string {
  const rows = figures.map((one) =>
    row([one.figure, one.what, reached(one), against(one), bound(one), VERDICTS[one.verdict]]),
  )
  const source = versions.commit ? `${versions.leadline} (${versions.commit})` : versions.leadline
  return `${row(['', 'Figure', 'Reached: median (least to most)', 'Against', 'Asked for', ''])}
${row(['---', '---', '---', '---', '---', '---'])}
${rows.join('\n')}

Leadline ${source}, ${date.slice(0, 10)}: ${thousands(data.leads)} leads, ${data.rounds} rounds, Node ${versions.node}, PostgreSQL
${versions.postgresql}, ${machine.cpus} × ${machine.model}, ${machine.memoryGb} GB${stolen(machine)}. \`npm run bench\` measures again.`
}

/** Said where other guests of the host took so much that times and rates are not the machine's own. */
function stolen({ stolenShare = 0 }: BenchReport['machine']): string {
  return stolenShare > 0.02 ? `, ${Math.round(stolenShare * 100)} % of its processors taken by others meanwhile` : ''
}

const VERDICTS = { aim: 'aim reached', floor: 'reached', missed: '**missed**', shown: '' }

function reached({ reached: { median, min, max }, unit }: BenchFigure): string {
  return `${rounded(median)} ${unit} (${rounded(min)} to ${rounded(max)})`
}

function against({ ratio, limit }: BenchFigure): string {
  return ratio && limit ? `${rounded(ratio.median)} × ${limit.name} (${rounded(limit.reached.median)})` : ''
}

function bound({ bound: asked }: BenchFigure): string {
  if (!asked) return ''
  const aim = asked.aim === undefined ? '' : `, aim ${rounded(asked.aim)}`
  return `${asked.better === 'lower' ? '≤' : '≥'} ${rounded(asked.floor)}${aim}`
}

function rounded(value: number): string {
  if (Math.abs(value) >= 100) return thousands(Math.round(value))
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2).replace(/\.?0+$/, '')
}

function thousands(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',')
}

function row(cells: string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('<', '&lt;')).join(' | ')} |`
}

/** The contents of bench/results.json, or null where nothing was measured. */
export function readBenchReport(): BenchReport | null {
  try {
    return JSON.parse(readFileSync(join(CHECKOUT, 'bench/results.json'), 'utf8')) as BenchReport
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** Every generated text with its file. */
export function generatedDocs(): { file: string; text: string }[] {
  const readme = readFileSync(join(CHECKOUT, 'README.md'), 'utf8')
  return [
    { file: 'docs/configuration.md', text: configurationText() },
    { file: 'README.md', text: withFigures(readme, figuresText(readBenchReport())) },
  ]
}

/** Files whose committed text is not what would be generated. */
export function staleDocs(): string[] {
  return generatedDocs()
    .filter(({ file, text }) => readOrEmpty(join(CHECKOUT, file)) !== text)
    .map(({ file }) => file)
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}

/** Pages with examples that run, in the order in which a reader meets them. */
export function pagesWithExamples(): string[] {
  const api = readdirSync(join(CHECKOUT, 'docs/api')).map((name) => `docs/api/${name}`)
  return ['README.md', ...api.toSorted(), 'docs/operate/sandbox.md'].filter((page) => examplesOf(page) !== '')
}

/** The ```bash runnable blocks of a page as one script: a later block uses what an earlier one has set. */
export function examplesOf(page: string): string {
  const text = readFileSync(join(CHECKOUT, page), 'utf8')
  return [...text.matchAll(/^```bash runnable\n([\s\S]*?)^```$/gm)].map((match) => match[1]).join('\n')
}

// An example that is answered with an error status fails; one that shows an error says so with `|| true`.
const STRICT = `set -euo pipefail\ncurl() { command curl --fail-with-body --max-time 30 "$@"; }\n`

/** Runs the examples of a page as a reader would, against a sandbox. Resolves to what failed, or null. */
export async function runExamples(page: string, addresses: { api: string; sim: string }): Promise<string | null> {
  const script = STRICT + examplesOf(page)
  const { code, output } = await runProgram('bash', ['-c', script], {
    env: { API: addresses.api, SIM: addresses.sim },
    timeoutSeconds: 120,
  })
  return code === 0 ? null : `${page}: exit code ${code}\n${output}`
}

async function runAll(api: string, sim: string): Promise<void> {
  for (const page of pagesWithExamples()) {
    const failure = await runExamples(page, { api, sim })
    console.log(failure ?? `${page}: every example works`)
    if (failure) process.exitCode = 1
  }
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      check: { type: 'boolean' },
      run: { type: 'boolean' },
      api: { type: 'string', default: 'http://127.0.0.1:8080' },
      sim: { type: 'string', default: 'http://127.0.0.1:8081' },
    },
  })
  if (values.run) await runAll(values.api, values.sim)
  else if (values.check) {
    const stale = staleDocs()
    for (const file of stale) console.error(`${file} is stale: run \`node tools/docs.ts\` and commit it.`)
    process.exitCode = stale.length > 0 ? 1 : 0
  } else for (const { file, text } of generatedDocs()) writeFileSync(join(CHECKOUT, file), text)
}
