import { describe, expect, test } from 'vitest'
import { decodeCursor, encodeCursor } from './lead-cursor.ts'
import { pageLinks } from './lead-links.ts'
import { readDeskQuery, readListQuery } from './lead-query.rules.ts'

const TENANT = 'F94238E5-4F2C-4E1B-8125-2D27122CA75F'

describe('the documented list', () => {
  test.each([
    [{}, { offset: 0, limit: 10, sort: 'arrival' }],
    [
      { PageNumber: 0, PageSize: 50 },
      { offset: 0, limit: 50 },
    ],
    [
      { PageNumber: 1, PageSize: 50 },
      { offset: 0, limit: 50 },
    ],
    [
      { PageNumber: 3, PageSize: 50 },
      { offset: 100, limit: 50 },
    ],
    [{ msTenantId: ` ${TENANT} ` }, { tenantId: TENANT.toLowerCase(), limit: 100, sort: 'tenant' }],
    [{ status: 'Not Active, active' }, { statuses: ['notactive', 'active'] }],
    [{ country: 'us,de' }, { countries: ['US', 'DE'] }],
    [{ modifiedSince: '2026-03-01' }, { modifiedSince: '2026-03-01T00:00:00.000Z' }],
    [{ modifiedSince: '2026-03-01T08:30:00 02:00' }, { modifiedSince: '2026-03-01T06:30:00.000Z' }],
    [{ consentedSince: '2026-03-01T08:30:00' }, { consentedSince: '2026-03-01T08:30:00.000Z' }],
  ])('%j', (given, expected) => {
    expect(readListQuery(given)).toMatchObject(expected)
  })

  test('a blank search is no search', () => {
    expect(readListQuery({ q: '   ' })).not.toHaveProperty('search')
  })

  test.each([
    [{ msTenantId: '{f94238e5-4f2c-4e1b-8125-2d27122ca75f}' }, '/query/msTenantId'],
    [{ msTenantId: 'contoso' }, '/query/msTenantId'],
    [{ modifiedSince: '2026-02-99' }, '/query/modifiedSince'],
    [{ consentedSince: 'yesterday' }, '/query/consentedSince'],
    [{ status: 'Active,,Removed' }, '/query/status'],
    [{ country: "U'S" }, '/query/country'],
    [{ PageNumber: 2, cursor: 'x' }, '/query/cursor'],
  ])('%j is refused naming the field', (given, pointer) => {
    expect(() => readListQuery(given)).toThrow(
      expect.objectContaining({ status: 400, errors: [expect.objectContaining({ pointer })] }),
    )
  })

  test('every wrong field is named at once', () => {
    expect(() => readListQuery({ msTenantId: 'x', modifiedSince: 'x' })).toThrow(
      expect.objectContaining({ errors: [expect.anything(), expect.anything()] }),
    )
  })
})

test('the desk shows the newest consent first', () => {
  expect(readDeskQuery({ licensed: false })).toMatchObject({ sort: '-consentedOn', limit: 50, licensed: false })
})

describe('cursors', () => {
  const list = readListQuery({ sort: '-consentedOn', status: 'active' })
  const position = { key: '2024-01-01T00:00:00.123456Z', arrival: 7 }

  test('lead back to their place', () => {
    expect(decodeCursor(list, encodeCursor(list, position))).toEqual(position)
  })

  test.each([
    ['another order', readListQuery({ sort: 'consentedOn', status: 'active' }), encodeCursor(list, position)],
    ['another filter', readListQuery({ sort: '-consentedOn' }), encodeCursor(list, position)],
    ['no cursor at all', list, 'zzz'],
    ['a key that is no instant', list, encodeCursor(list, { key: "x'; --", arrival: 7 })],
  ])('are refused for %s', (_name, query, cursor) => {
    expect(() => decodeCursor(query, cursor)).toThrow(expect.objectContaining({ status: 400 }))
  })
})

describe('links', () => {
  const link = (PageNumber: number, total: number) => {
    const given = { PageNumber, PageSize: 10, status: 'Active' }
    return pageLinks('https://desk.example/api/v2/oc/lead', given, readListQuery(given), total, null)
  }

  test('keep the filter and name the neighbours', () => {
    expect(link(2, 35)).toBe(
      [
        '<https://desk.example/api/v2/oc/lead?PageSize=10&status=Active&PageNumber=1>; rel="first"',
        '<https://desk.example/api/v2/oc/lead?PageSize=10&status=Active&PageNumber=1>; rel="prev"',
        '<https://desk.example/api/v2/oc/lead?PageSize=10&status=Active&PageNumber=3>; rel="next"',
        '<https://desk.example/api/v2/oc/lead?PageSize=10&status=Active&PageNumber=4>; rel="last"',
      ].join(', '),
    )
  })

  test('the last page has no next, an empty list one page, a page beyond the end leads back', () => {
    expect(link(4, 35)).not.toContain('rel="next"')
    expect(link(1, 0)).toMatch(/PageNumber=1>; rel="last"/)
    expect(link(99, 35)).toMatch(/PageNumber=4>; rel="prev"/)
  })
})
