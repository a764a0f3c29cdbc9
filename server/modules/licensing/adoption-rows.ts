import { adoptionColumns, type ServiceLicense, serviceLicenses } from '../../../contract/services.ts'
import { isGuid } from '../../kernel/ids.ts'
import { shortNameFlaws } from '../services/index.ts'

/** A row as it was asked for, before it is known whether there is such a tenant. */
export type AdoptionAsked = {
  line: number
  tenantId: string
  shortName: string
  fullName: string | null
  lcCustomerId: number | null
  license: ServiceLicense
  serviceId: string | null
  sbcId: number | null
}
export type AdoptionFlaw = { code: string; detail: string }
export type ReadRow = { asked: AdoptionAsked; flaws: AdoptionFlaw[] }

type Raw = {
  tenantId: string
  shortName: string
  fullName?: string | undefined
  lcCustomerId?: string | number | null | undefined
  license?: string | undefined
  serviceId?: string | undefined
  sbcId?: string | number | null | undefined
}

const LICENSES = new Map(serviceLicenses.map((license) => [folded(license), license]))

/** Everything that is wrong with a row by itself. Pure. */
export function readAdoption(raw: Raw, line: number): ReadRow {
  const flaws: AdoptionFlaw[] = []
  const flaw = (code: string, detail: string) => flaws.push({ code, detail })
  const tenantId = raw.tenantId
    .trim()
    .replace(/^\{(.*)\}$/, '$1')
    .toLowerCase()
  if (!isGuid(tenantId)) flaw('tenant-id', 'The tenant id is no GUID.')
  const shortName = raw.shortName.trim()
  for (const { code, detail } of shortNameFlaws(shortName)) flaw(`short-name-${code}`, detail)
  const license = LICENSES.get(folded(raw.license ?? '')) ?? (raw.license?.trim() ? null : 'OC Essential')
  if (license === null) flaw('license', `There is no such license: ${serviceLicenses.join(', ')}.`)
  const serviceId = raw.serviceId?.trim().toLowerCase() || null
  if (serviceId !== null && !isGuid(serviceId)) flaw('service-id', 'The service id is no GUID.')
  const number = (value: Raw['sbcId'], code: string) => {
    const text = String(value ?? '').trim()
    if (text === '' || text === '0') return null
    if (/^\d{1,9}$/.test(text)) return Number(text)
    flaw(code, 'Must be a whole number.')
    return null
  }
  return {
    flaws,
    asked: {
      line,
      tenantId,
      shortName,
      fullName:
        raw.fullName
          ?.replace(/\p{Cc}+/gu, ' ')
          .trim()
          .slice(0, 256) || null,
      lcCustomerId: number(raw.lcCustomerId, 'lc-customer-id'),
      license: license ?? 'OC Essential',
      serviceId: serviceId !== null && isGuid(serviceId) ? serviceId : null,
      sbcId: number(raw.sbcId, 'sbc-id'),
    },
  }
}

const FIELDS: Record<string, keyof Raw> = Object.fromEntries(
  (['tenantId', 'shortName', 'fullName', 'lcCustomerId', 'license', 'serviceId', 'sbcId'] as const).map((field, i) => [
    folded(adoptionColumns[i] ?? ''),
    field,
  ]),
)

export type AdoptionFile = { ok: true; rows: ReadRow[] } | { ok: false; detail: string }

/** A CSV file as spreadsheets write it: BOM or none, comma or semicolon, quotes, any line ends. */
export function readAdoptionCsv(text: string, rowsMax: number): AdoptionFile {
  const clean = text.replace(/^\ufeff/, '')
  const separator = separatorOf(clean)
  const lines = parseCsv(clean, separator)
  const [head, ...rest] = lines
  const columns = (head?.cells ?? []).map((cell) => FIELDS[folded(cell)] ?? null)
  if (!columns.includes('tenantId') || !columns.includes('shortName')) {
    return { ok: false, detail: `The first line has to name the columns, Tenant ID and Short Name among them.` }
  }
  const rows = rest.filter(({ cells }) => cells.some((cell) => cell.trim() !== ''))
  if (rows.length > rowsMax) return { ok: false, detail: `At most ${rowsMax.toLocaleString('en')} lines at once.` }
  return { ok: true, rows: rows.map(({ cells, line }) => readAdoption(rawOf(columns, cells), line)) }
}

function rawOf(columns: (keyof Raw | null)[], cells: string[]): Raw {
  const raw: Record<string, string> = { tenantId: '', shortName: '' }
  // Our own exports put an apostrophe before what a spreadsheet would take for a formula.
  columns.forEach((field, i) => {
    if (field) raw[field] = (cells[i] ?? '').replace(/^'(?=[-=+@])/, '')
  })
  return raw as Raw
}

function separatorOf(text: string): string {
  const head = text.split(/\r?\n/, 1)[0] ?? ''
  return head.split(';').length > head.split(',').length ? ';' : ','
}

function parseCsv(text: string, separator: string): { line: number; cells: string[] }[] {
  const rows: { line: number; cells: string[] }[] = []
  let cells: string[] = []
  let cell = ''
  let isQuoted = false
  let line = 1
  let start = 1
  const endCell = () => {
    cells.push(cell)
    cell = ''
  }
  const endRow = () => {
    endCell()
    rows.push({ line: start, cells })
    cells = []
    start = line
  }
  for (let i = 0; i < text.length; i++) {
    const sign = text.charAt(i)
    if (sign === '\n') line += 1
    if (isQuoted) {
      if (sign !== '"') cell += sign
      else if (text.charAt(i + 1) === '"') {
        cell += '"'
        i += 1
      } else isQuoted = false
    } else if (sign === '"' && cell === '') isQuoted = true
    else if (sign === separator) endCell()
    else if (sign === '\n') endRow()
    else if (sign !== '\r') cell += sign
  }
  if (cell !== '' || cells.length > 0) endRow()
  return rows
}

function folded(text: string): string {
  return text.replace(/[\s_-]/g, '').toLowerCase()
}
