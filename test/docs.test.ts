import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { endpoints } from '../contract/index.ts'
import { allPermissions } from '../contract/permissions.ts'
import { describeConfig } from '../server/config.ts'
import { examplesOf, figuresText, generatedDocs, pagesWithExamples, staleDocs, withFigures } from '../tools/docs.ts'
import { CHECKOUT, runProgram } from '../tools/run-program.ts'

// What the documents claim and a program can check. Whether the examples work shows `node tools/docs.ts --run`.

type Page = { file: string; text: string }

const pages: Page[] = [
  ...['README.md', 'CONTRIBUTING.md', 'STYLE.md', 'sim/README.md'],
  ...filesBelow('docs', (file) => file.endsWith('.md')),
].map((file) => ({ file, text: read(file) }))

const sources = ['server', 'contract', 'sim', 'tools', 'bin', 'bench', 'test', 'web']
  .filter((folder) => existsSync(join(CHECKOUT, folder)))
  .flatMap((folder) => filesBelow(folder, (file) => /(\.(ts|tsx|mjs|js)|\/leadline)$/.test(file)))

function read(file: string): string {
  return readFileSync(join(CHECKOUT, file), 'utf8')
}

function filesBelow(folder: string, wanted: (file: string) => boolean): string[] {
  return readdirSync(join(CHECKOUT, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name}`)
    .filter((file) => !/(^|\/)(node_modules|dist)\//.test(file) && wanted(file))
}

/** `page: claim` for every match of the pattern's first group that does not hold. */
function wrong(pattern: RegExp, holds: (claim: string, page: Page) => boolean, among = pages): string[] {
  const claims = among.flatMap((page) =>
    [...page.text.matchAll(pattern)].map(([, claim = '']) => ({ page, claim: claim.trim() })),
  )
  expect(claims.length, `nothing matches ${pattern}`).toBeGreaterThan(0)
  return claims.filter(({ page, claim }) => !holds(claim, page)).map(({ page, claim }) => `${page.file}: ${claim}`)
}

/** Words of a heading as an address in the page, as GitHub makes it. */
function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )
}

describe('addresses', () => {
  test('every link leads to a file, and to a heading in it', () => {
    const leads = (link: string, { file, text }: Page) => {
      if (/^https?:/.test(link)) return true
      const [path = '', anchor] = link.split('#')
      const target = join(CHECKOUT, dirname(file), path)
      if (path !== '' && !existsSync(target)) return false
      return anchor === undefined || anchorsOf(path === '' ? text : readFileSync(target, 'utf8')).includes(anchor)
    }
    expect(wrong(/\]\(([^)\s]+)\)/g, leads)).toEqual([])
  })

  test('every picture in docs/images is shown somewhere, and is no burden to fetch', () => {
    const pictures = readdirSync(join(CHECKOUT, 'docs/images'))
    expect(pictures.length).toBeGreaterThan(5)
    for (const name of pictures) {
      expect(pages.filter(({ text }) => text.includes(`images/${name})`)).length, name).toBeGreaterThan(0)
      expect(statSync(join(CHECKOUT, 'docs/images', name)).size, name).toBeLessThan(150_000)
    }
  })

  test('every path that is named exists', () => {
    const path =
      /`((?:bin|contract|server|web|sim|test|bench|tools|docs|platform|modules|microsoft|kernel)\/[\w./-]+)`/g
    // A placeholder.
    const absent = ['server/platform/db/migrations/NNNN-noun.ts']
    const exists = (claim: string) =>
      absent.includes(claim) || ['', 'server'].some((folder) => existsSync(join(CHECKOUT, folder, claim)))
    expect(wrong(path, exists)).toEqual([])
  })

  test('every decision is in the list, numbered without a gap', () => {
    const decisions = readdirSync(join(CHECKOUT, 'docs/decisions')).filter((name) => name !== 'README.md')
    expect(decisions.toSorted().map((name) => Number(name.slice(0, 4)))).toEqual(decisions.map((_, index) => index + 1))
    const list = read('docs/decisions/README.md')
    for (const name of decisions) {
      expect(list).toContain(`(${name})`)
      const text = read(`docs/decisions/${name}`)
      expect(text).toMatch(new RegExp(`^# ${name.slice(0, 4)} `))
      for (const part of ['Context', 'Decision', 'Drawbacks', 'Alternatives']) expect(text).toContain(`**${part}.**`)
    }
  })

  test('none is of a machine of ours', () => {
    for (const { file, text } of pages) expect(text, file).not.toMatch(/\/(work|root|tmp|home)\//)
  })
})

describe('names', () => {
  test('every command exists', async () => {
    const { stdout } = await runProgram(process.execPath, ['bin/leadline', 'help'], { timeoutSeconds: 20 })
    const usage = (name: string) => (existsSync(join(CHECKOUT, `server/commands/${name}.ts`)) ? name : null)
    const known = [...stdout.matchAll(/^ {2}([a-z]+)/gm)].map(([, name = '']) => name)
    expect(known.length).toBeGreaterThan(4)
    for (const name of known) expect(usage(name), `${name} has no file`).toBe(name)
    const exists = (claim: string) => {
      const [name = '', verb] = claim.split(/\s+/)
      if (name === 'help' || name === 'version') return true
      if (!known.includes(name)) return false
      return verb === undefined || read(`server/commands/${name}.ts`).includes(`leadline ${name} ${verb}`)
    }
    // In code only: prose may say "leadline" of the product. `doctor`, `config` and `start` take no words.
    expect(wrong(/(?:`|bin\/|^|\/)leadline ([a-z]+(?: (?:[a-z]{4,}|set|run))?)(?=[\s`:|]|$)/gm, exists)).toEqual([])
  })

  test('every npm script exists', () => {
    const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> }
    expect(wrong(/npm run ([a-z:]+)/g, (claim) => Object.hasOwn(scripts, claim))).toEqual([])
  })

  test('every variable exists', () => {
    const known = new Set<string>(describeConfig().map(({ name }) => name))
    // The simulator's own are documented beside it.
    const ofSimulator = new Set(read('sim/settings.ts').match(/LEADLINE_[A-Z_]+/g))
    const exists = (claim: string, { file }: Page) =>
      known.has(claim) || (file === 'sim/README.md' && ofSimulator.has(claim))
    expect(wrong(/\b((?:LEADLINE|DATABASE)_[A-Z_]*[A-Z])\b/g, exists)).toEqual([])
  })

  test('every endpoint exists', () => {
    const shape = (path: string) => path.replace(/\{[^}]+\}/g, '{}')
    const known = endpoints.map(({ method, path }) => `${method} ${shape(path)}`)
    const exists = (claim: string) => known.includes(shape(claim))
    const ours = pages.filter(({ file }) => file !== 'sim/README.md')
    expect(wrong(/(?:`|^#+ )((?:GET|POST|PUT|PATCH|DELETE) \/[^\s`?]+)/gm, exists, ours)).toEqual([])
  })

  test('every endpoint of our own API is described', () => {
    const described = apiPages().flatMap(({ text }) =>
      [...text.matchAll(/(?:`|^#+ )((?:GET|POST|PUT|PATCH|DELETE) \/[^\s`?]+)/gm)].map(([, claim]) => claim),
    )
    const own = endpoints
      .filter(({ path }) => path.startsWith('/api/v4/'))
      .map(({ method, path }) => `${method} ${path}`)
    expect(own.length).toBeGreaterThan(10)
    expect(own.filter((one) => !described.includes(one))).toEqual([])
  })

  test('every permission exists', () => {
    const exists = (claim: string) => (allPermissions as string[]).includes(claim)
    expect(wrong(/`([a-z]+\.(?:read|write|manage|run))`/g, exists)).toEqual([])
  })

  test('every metric exists, and each is described', () => {
    const named = new Set(
      sources.flatMap((file) => [...read(file).matchAll(/name: '(leadline_[a-z_]+)'/g)].map((m) => m[1])),
    )
    const page = pages.filter(({ file }) => file === 'docs/operate/health-and-metrics.md')
    expect(wrong(/`(leadline_[a-z_]+)`/g, (claim) => named.has(claim), page)).toEqual([])
    const metrics = sources
      .filter((file) => !/\.(test|fixture)\.ts$/.test(file))
      .flatMap((file) =>
        [...read(file).matchAll(/(?:Counter|Gauge|Histogram)\(\{\s*name: '(\w+)'/g)].map((m) => m[1] ?? ''),
      )
    expect(metrics.length).toBeGreaterThan(8)
    for (const metric of metrics) expect(page[0]?.text).toContain(metric)
  })
})

describe('errors', () => {
  const documented = readdirSync(join(CHECKOUT, 'docs/errors')).map((name) => name.replace(/\.md$/, ''))

  test('every documented code is one that the server can give', () => {
    const server = sources.filter((file) => file.startsWith('server/') && !/\.(test|fixture)\.ts$/.test(file))
    const text = server.map(read).join('\n')
    expect(documented.length).toBeGreaterThan(25)
    // Codes of failed runs and steps are put together from the kinds of failure of Microsoft and of SBCs.
    const kindsIn = (file: string) => [...read(file).matchAll(/^ {2}\| '([a-z-]+)'/gm)].map(([, kind]) => kind)
    const made = [
      ...kindsIn('server/microsoft/microsoft-error.ts').map((kind) => `microsoft-${kind}`),
      ...kindsIn('server/sbc/sbc-error.ts').map((kind) => `sbc-${kind}`),
    ]
    expect(text).toContain('`microsoft-${')
    expect(text).toContain('`sbc-${')
    const isMade = (code: string) => made.includes(code)
    expect(documented.filter((code) => !text.includes(`'${code}'`) && !isMade(code))).toEqual([])
  })

  test('every code that the API pages name is documented', () => {
    const status = /\b[45]\d\d `([a-z][a-z-]+)`/g
    expect(wrong(status, (claim) => documented.includes(claim))).toEqual([])
  })
})

describe('generated parts', () => {
  test('are fresh', () => {
    expect(generatedDocs().length).toBe(2)
    expect(staleDocs()).toEqual([])
  })

  test("the README's figures are those that were measured, and say so when there are none", () => {
    const report = {
      date: '2026-11-22T04:00:00.000Z',
      versions: { leadline: '0.1.0', commit: 'abc1234', node: '24.21.0', postgresql: '18.4' },
      machine: { cpus: 2, model: 'Some CPU', memoryGb: 8 },
      data: { leads: 100_000, rounds: 5 },
      figures: [
        {
          figure: 'P1',
          what: 'cold page of 20,000',
          unit: 'ms',
          reached: { median: 412.4, min: 398, max: 1_204.2 },
          limit: { name: 'bare COPY', reached: { median: 300, min: 280, max: 330 } },
          ratio: { median: 1.375, min: 1.3, max: 1.5 },
          bound: { floor: 2, aim: 1.3, better: 'lower' as const },
          verdict: 'floor' as const,
        },
      ],
    }
    const text = figuresText(report)
    expect(text).toContain(
      '| P1 | cold page of 20,000 | 412 ms (398 to 1,204) | 1.38 × bare COPY (300) | ≤ 2, aim 1.3 | reached |',
    )
    expect(text).toContain('2026-11-22: 100,000 leads, 5 rounds')
    expect(figuresText(null)).toContain('npm run bench')
    const readme = read('README.md')
    expect(withFigures(withFigures(readme, text), figuresText(null))).toBe(withFigures(readme, figuresText(null)))
    expect(() => withFigures('no markers here', text)).toThrow('markers')
  })
})

describe('examples', () => {
  test('every page of the API has some that run, and each is a script that bash can read', async () => {
    expect(pagesWithExamples()).toEqual(expect.arrayContaining(['README.md', ...apiPages().map(({ file }) => file)]))
    for (const page of pagesWithExamples()) {
      const { code, output } = await runProgram('bash', ['-n', '-c', examplesOf(page)], { timeoutSeconds: 10 })
      expect(code, `${page}: ${output}`).toBe(0)
    }
  })
})

function apiPages(): Page[] {
  return pages.filter(({ file }) => file.startsWith('docs/api/'))
}
