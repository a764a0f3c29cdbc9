import fc from 'fast-check'

/** Texts that programs stumble over. None holds a word that our own leaks are known by (see judge.ts). */
export const HOSTILE_TEXTS: readonly string[] = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  '\ud800',
  '\udfff\ud800',
  '\ufeff',
  '\u202e\u2066',
  '\u0085\u2028\u2029',
  'Z\u0351\u036b\u0343\u036a\u0302\u036b',
  '👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿',
  'ﷺ'.repeat(20),
  'İıßſﬃ',
  '\r\nx-injected: yes\r\n\r\nbody',
  '\n',
  '\t',
  '\u001b[31m',
  '../../../../etc/hosts',
  '..\\..\\windows\\win.ini',
  '%2e%2e%2f%2e%2e%2fetc%2fhosts',
  '%00',
  '%',
  '%zz',
  '%c0%ae',
  '+',
  "'",
  '"',
  '\\',
  '`',
  "' or '1'='1",
  "'; drop table students; --",
  "') or 1=1 --",
  '$1',
  '#{7*7}',
  '{{7*7}}',
  '<script>alert(1)</script>',
  '=cmd|calc!A1',
  '@SUM(1+1)',
  'javascript:alert(1)',
  'http://127.0.0.1:9/',
  'file:///etc/hosts',
  '//evil.example',
  '%_%',
  '%'.repeat(50),
  '_'.repeat(199),
  '\\'.repeat(199),
  'NaN',
  'Infinity',
  '-1',
  '-0',
  '1e308',
  '1e999',
  '0x10',
  '00',
  '2147483647',
  '2147483648',
  '9007199254740993',
  '99999999999999999999',
  'null',
  'undefined',
  'true',
  '[object Object]',
  '__proto__',
  'constructor',
  'toString',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59.9999999Z',
  '-271821-04-20T00:00:00Z',
  '+275760-09-13T00:00:00Z',
  '2024-02-30',
  '00000000-0000-0000-0000-000000000000',
  '{5fd8e3f1-10f0-4ae6-9c1d-0b8a5f2e7d31}',
  'x'.repeat(5_000),
]

export const hostileTexts: fc.Arbitrary<string> = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(...HOSTILE_TEXTS) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 50 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 200 }) },
)

/** A list in a list in a list …, as deep as asked. */
export function nested(depth: number): unknown {
  let value: unknown = 1
  for (let i = 0; i < depth; i++) value = [value]
  return value
}

export const hostileValues: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: hostileTexts },
  {
    weight: 5,
    arbitrary: fc.constantFrom<unknown>(
      ...[null, true, false, 0, -1, 1.5, -0.0, 1e308, 2_147_483_648, 9_007_199_254_740_992, {}, [], [[]], { a: 1 }],
      ...[nested(50), nested(3_000), Array(2_000).fill('x'), 'x'.repeat(100_000)],
    ),
  },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
)
