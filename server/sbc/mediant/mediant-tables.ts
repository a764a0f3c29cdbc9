/**
 * The tables that scripts may write to, as the command line of the device names them. Documented in its words; which
 * parameter names a row, and which refers to which, is this driver's reading [I]. Source: domain/sbc.md, Objects.
 */
export type TableSpec = {
  /** `ip-group`, `sbc dial-plan`. */
  words: string
  /** The parameter that a row is known by: its name, or of a row below another what tells it from its neighbours. */
  key: string | null
  /** Parameters that name a row of another table. */
  references: Readonly<Record<string, string>>
  children: readonly TableSpec[]
}

const NONE = {} as const

export const MEDIANT_TABLES: readonly TableSpec[] = [
  {
    words: 'proxy-set',
    key: 'proxy-name',
    references: NONE,
    children: [{ words: 'proxy-ip', key: 'proxy-address', references: NONE, children: [] }],
  },
  {
    words: 'sbc cac-profile',
    key: 'name',
    references: NONE,
    children: [{ words: 'cac-rule', key: null, references: NONE, children: [] }],
  },
  {
    words: 'ip-group',
    key: 'name',
    references: { 'proxy-set-name': 'proxy-set', 'cac-profile': 'sbc cac-profile' },
    children: [],
  },
  {
    words: 'sip-definition account',
    key: 'account-name',
    references: { 'served-ip-group-name': 'ip-group', 'serving-ip-group-name': 'ip-group' },
    children: [],
  },
  {
    words: 'sbc dial-plan',
    key: 'name',
    references: NONE,
    children: [{ words: 'dial-plan-rule', key: 'prefix', references: NONE, children: [] }],
  },
]

/** What the device shows in other words than it was told, if at all. */
export const SECRET_PARAMETERS: ReadonlySet<string> = new Set(['password'])

export function topTable(words: string): TableSpec | undefined {
  return MEDIANT_TABLES.find((table) => table.words === words)
}

/** The table that a line of the command line opens a row of, and what follows its name. */
export function tableOfLine(
  tables: readonly TableSpec[],
  words: readonly string[],
): { table: TableSpec; rest: readonly string[] } | null {
  for (const table of tables) {
    const name = table.words.split(' ')
    if (name.every((word, at) => words[at] === word)) return { table, rest: words.slice(name.length) }
  }
  return null
}

/** Words of a line; what stands in quotation marks is one. Null where quotation marks do not close. */
export function wordsOf(line: string): { text: string; isQuoted: boolean }[] | null {
  if ((line.match(/"/g) ?? []).length % 2 === 1) return null
  return [...line.matchAll(/"([^"]*)"|([^\s"]+)/g)].map(([, inQuotes, bare]) =>
    inQuotes === undefined ? { text: bare ?? '', isQuoted: false } : { text: inQuotes, isQuoted: true },
  )
}

/** A value as it is written on a line. */
export function quote(value: string): string {
  return `"${value}"`
}
