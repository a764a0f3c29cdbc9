import { describe, expect, it } from 'vitest'
import { differences } from './database-contents.ts'

const rows = (...cells: object[]) => cells.map((one) => JSON.stringify({ to_jsonb: one }))

describe('differences', () => {
  const clean = { lead: rows({ id: 'a', status: 'Active', size: 1 }, { id: 'b', status: 'Active', size: 2 }) }

  it('are none where the rows are the same, in whatever order', () =>
    expect(differences({ lead: clean.lead.toReversed() }, clean)).toEqual([]))

  it('are told column by column where a row is there but for some of them', () =>
    expect(
      differences(
        { lead: rows({ id: 'a', status: 'Removed', size: 1 }, { id: 'b', status: 'Active', size: 2 }) },
        clean,
      ),
    ).toEqual([expect.stringMatching(/^lead: status is "Removed", not "Active" in .*"id":"a"/)]))

  it('are told as rows where one lacks, is there twice, or has nothing in common', () =>
    expect(
      differences(
        { lead: [...rows({ id: 'b', status: 'Active', size: 2 }), ...rows({ x: 1 }), ...rows({ x: 1 })] },
        clean,
      ),
    ).toEqual([
      expect.stringMatching(/^lead: missing .*"id":"a"/),
      expect.stringMatching(/^lead: 2 too many of .*"x":1/),
    ]))
})
