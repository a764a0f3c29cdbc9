import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const documented = readdirSync(join(root, 'docs/errors')).map((file) => file.replace(/\.md$/, ''))

/** Codes of every `new AppError({ code: '…' })`, and of rules that answer `{ ok: false, code: '…' }`. */
function codesInSource(): Set<string> {
  const codes = new Set<string>()
  for (const file of readdirSync(join(root, 'server'), { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts') || file.endsWith('.test.ts')) continue
    const text = readFileSync(join(root, 'server', file), 'utf8')
    for (const match of text.matchAll(/(?:AppError\(\{|super\(\{|ok: false,)\s*code: '([a-z-]+)'/g))
      codes.add(match[1] ?? '')
  }
  return codes
}

it('has a paragraph for every error code', () => {
  const codes = codesInSource()
  expect(codes.size).toBeGreaterThan(25)
  expect([...codes].filter((code) => !documented.includes(code))).toEqual([])
})

/** Kinds of failures at Microsoft, as the type names them; `aborted` never reaches a run. Source: run-failure.ts. */
function microsoftCodes(): string[] {
  const text = readFileSync(join(root, 'server/microsoft/microsoft-error.ts'), 'utf8')
  const [union = ''] = /export type MicrosoftErrorKind =[\s\S]*?\n\n/.exec(text) ?? []
  return [...union.matchAll(/\| '([a-z-]+)'/g)]
    .map(([, kind]) => `microsoft-${kind}`)
    .filter((code) => !/-aborted$/.test(code))
}

/** Codes that end up in the history of runs: of the runner itself, of errors it knows, and of Microsoft. */
function runCodes(): Set<string> {
  const codes = new Set(microsoftCodes())
  for (const file of readdirSync(join(root, 'server/platform/jobs'))) {
    if (/\.(test|fixture)\.ts$/.test(file)) continue
    const text = readFileSync(join(root, 'server/platform/jobs', file), 'utf8')
    for (const match of text.matchAll(/(?:code: |code = |hints\.code : )'([a-z]+(?:-[a-z]+)+)'/g))
      codes.add(match[1] ?? '')
  }
  return codes
}

it('has a paragraph for every code of a failed run, and none of a run that no code names', () => {
  const codes = runCodes()
  for (const known of [
    'job-timed-out',
    'worker-lost',
    'unexpected-error',
    'run-cancelled',
    'microsoft-token-refused',
  ]) {
    expect([...codes]).toContain(known)
  }
  expect([...codes].filter((code) => !documented.includes(code))).toEqual([])
  const ofRuns = documented.filter((code) =>
    / \(run\)$/m.test(readFileSync(join(root, 'docs/errors', `${code}.md`), 'utf8').split('\n')[0] ?? ''),
  )
  expect(ofRuns.filter((code) => !codes.has(code))).toEqual([])
})

it('has a paragraph for every kind of failure of an SBC', () => {
  const text = readFileSync(join(root, 'server/sbc/sbc-error.ts'), 'utf8')
  const [union = ''] = /export type SbcErrorKind =[\s\S]*?\n\n/.exec(text) ?? []
  const codes = [...union.matchAll(/\| '([a-z-]+)'/g)].map(([, kind]) => `sbc-${kind}`)
  expect(codes.length).toBeGreaterThan(10)
  expect(codes.filter((code) => !documented.includes(code))).toEqual([])
})

it('says in each what happened and what to do, in one short paragraph', () => {
  for (const code of documented) {
    const [title, , text, ...rest] = readFileSync(join(root, 'docs/errors', `${code}.md`), 'utf8').split('\n')
    expect(title, code).toMatch(/^# .+ \(([45]\d\d|run)/)
    expect(text?.length, code).toBeGreaterThan(60)
    expect(rest.join(''), code).toBe('')
  }
})
