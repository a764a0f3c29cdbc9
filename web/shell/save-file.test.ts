import { expect, it } from 'vitest'
import { csvFileName } from './save-file.ts'

const at = new Date(2026, 10, 22, 8, 1)

it('names a file after what is in it, whatever people called that', () => {
  expect(csvFileName(['leads', 'Northwind Voice'], at)).toBe('leads-Northwind-Voice-2026-11-22-0801.csv')
  expect(csvFileName(['lead', '../../etc/passwd\u202Egnp.exe'], at)).toBe('lead-etc-passwd-gnp-exe-2026-11-22-0801.csv')
  expect(csvFileName(['lead', 'Müller & Söhne <script>'], at)).toBe('lead-Müller-Söhne-script-2026-11-22-0801.csv')
  expect(csvFileName(['lead', 'שלום 🦓'], at)).toBe('lead-שלום-2026-11-22-0801.csv')
  expect(csvFileName(['lead', '???'], at)).toBe('lead-2026-11-22-0801.csv')
  expect(csvFileName(['lead', 'x'.repeat(300)], at).length).toBeLessThan(100)
})
