import { describe, expect, it } from 'vitest'
import { csvLine } from './csv.ts'

describe('a line of CSV', () => {
  it('quotes every cell, and quotes in it twice', () => {
    expect(csvLine(['a,b', 'say "no"', null])).toBe('"a,b","say ""no""",""\r\n')
  })

  it('runs no formula in a spreadsheet and is one line', () => {
    expect(csvLine(['=HYPERLINK("x")', '+49 30', '-1', '@x', '\t=1', 'two\r\nlines'])).toBe(
      `"'=HYPERLINK(""x"")","'+49 30","'-1","'@x","' =1","two  lines"\r\n`,
    )
  })
})
