import { expect, test } from 'vitest'
import { readAdoptionCsv } from './adoption-rows.ts'

const TENANT = 'd1382f6b-4846-45d7-9ac8-0349c1ed5ead'
const rows = (text: string) => {
  const file = readAdoptionCsv(text, 100)
  return file.ok ? file.rows : file.detail
}

test('a file is read as spreadsheets write it, with the lines people count', () => {
  const text = `\ufeffshort_name;TENANT ID;Full Name;License\r\n\r\n"A;b";{${TENANT.toUpperCase()}};"Two\r\nlines ""x""";oc pro\r\nOk-1;${TENANT};;\r\n`
  expect(rows(text)).toMatchObject([
    {
      asked: { line: 3, tenantId: TENANT, shortName: 'A;b', fullName: 'Two lines "x"', license: 'OC Pro' },
      flaws: [],
    },
    { asked: { line: 5, shortName: 'Ok-1', fullName: null, license: 'OC Essential' }, flaws: [] },
  ])
})

test('every flaw of a row is told', () => {
  const found = rows(`Tenant ID,Short Name,License,Service ID,SBC ID\nx,a.,Gold,y,z\n`)
  expect(Array.isArray(found) ? found[0]?.flaws.map(({ code }) => code) : found).toEqual([
    ...['tenant-id', 'short-name-too-short', 'short-name-dot', 'license', 'service-id', 'sbc-id'],
  ])
})

test('a file without the columns that are needed, or with too many lines, is refused', () => {
  expect(rows('a,b\n1,2')).toContain('Tenant ID and Short Name')
  const file = readAdoptionCsv(`Tenant ID,Short Name\n${'a,b\n'.repeat(5)}`, 4)
  expect(file).toEqual({ ok: false, detail: 'At most 4 lines at once.' })
})
