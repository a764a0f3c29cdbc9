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

it('says in each what happened and what to do, in one short paragraph', () => {
  for (const code of documented) {
    const [title, , text, ...rest] = readFileSync(join(root, 'docs/errors', `${code}.md`), 'utf8').split('\n')
    expect(title, code).toMatch(/^# .+ \([45]\d\d/)
    expect(text?.length, code).toBeGreaterThan(60)
    expect(rest.join(''), code).toBe('')
  }
})
