import { afterAll, beforeAll, expect, test } from 'vitest'
import { control, makeFolder, startForTest } from '../simulator.test-kit.ts'
import type { RunningSimulator } from '../simulator.ts'
import { SbcDevice } from './sbc-device.ts'

let simulator: RunningSimulator
beforeAll(async () => {
  simulator = await startForTest()
})
afterAll(() => simulator.close())

const device = () => new SbcDevice('sbc1', '1')
const configure = (...lines: string[]) => ['configure voip', ...lines, 'exit'].join('\n')

test('keeps over a restart what was saved, and loses the rest', () => {
  const sbc = device()
  sbc.run(configure('ip-group new', 'name "a"', 'activate', 'exit'))
  sbc.save()
  sbc.run(configure('ip-group new', 'name "b"', 'activate', 'exit'))
  expect([sbc.namesOf('ip-group').slice(2), sbc.isSaved]).toEqual([['a', 'b'], false])
  sbc.restart()
  expect([sbc.namesOf('ip-group').slice(2), sbc.isSaved]).toEqual([['a'], true])
})

test('counts nothing before it is activated, and says so', () => {
  const sbc = device()
  const { output } = sbc.run(configure('ip-group new', 'name "a"', 'exit'))
  expect(sbc.has('ip-group', 'a')).toBe(false)
  expect(output).toContain('without activate')
})

test.each([
  ['an unknown word', ['ip-group new', 'colour red'], 'Invalid command'],
  ['a name that is taken', ['ip-group new', 'name "Carrier"', 'activate'], 'in use by row 1'],
  ['a reference to nothing', ['ip-group new', 'proxy-set-name "Nobody"'], 'there is no row "Nobody"'],
  ['a row that another refers to', ['no proxy-set "Carrier"'], 'in use by ip-group 1'],
  ['a row without a name', ['ip-group new', 'activate'], 'name is missing'],
  ['a name that is too long', ['sbc dial-plan "OCDialPlan"', 'dial-plan-rule new', `name "${'x'.repeat(16)}"`], '15'],
  ['a command that takes the device away', ['reload now'], 'not allowed'],
])('refuses %s, and keeps what came before it', (_what, lines, words) => {
  const sbc = device()
  const { output, refusedLine } = sbc.run(configure('ip-group new', 'name "first"', 'activate', 'exit', ...lines))
  expect(refusedLine).toBeGreaterThan(4)
  expect(output).toContain(words)
  expect(sbc.has('ip-group', 'first')).toBe(true)
})

test('shows no password as it was entered', () => {
  const sbc = device()
  sbc.run(configure('ip-group 7', 'name "a"', 'password "hunter2"', 'activate', 'exit'))
  expect(sbc.text).not.toContain('hunter2')
  expect(sbc.text).toContain('obscured')
})

test('has its flash memory again when the simulator is started again', () => {
  const folder = makeFolder()
  try {
    const file = `${folder.path}/sbc1.json`
    const first = new SbcDevice('sbc1', '1', file)
    first.run(configure('ip-group new', 'name "kept"', 'activate', 'exit'))
    first.save()
    expect(new SbcDevice('sbc1', '1', file).has('ip-group', 'kept')).toBe(true)
  } finally {
    folder.remove()
  }
})

test('is played with over the control API', async () => {
  const { sbcs } = await control(simulator, 'GET', '/sbcs')
  expect(sbcs.map(({ name }: { name: string }) => name)).toEqual(['sbc1', 'sbc2'])
  const script = configure('ip-group new', 'name "by-hand"', 'activate', 'exit')
  await control(simulator, 'POST', '/sbcs/sbc1/edit', { script, save: false })
  const edited = await control(simulator, 'GET', '/sbcs/sbc1')
  expect(edited).toMatchObject({ isSaved: false, ipGroups: ['Teams-OC', 'Carrier', 'by-hand'] })
  await control(simulator, 'POST', '/sbcs/sbc1/restart')
  expect((await control(simulator, 'GET', '/sbcs/sbc1')).ipGroups).toEqual(['Teams-OC', 'Carrier'])
  await expect(control(simulator, 'PATCH', '/sbcs/sbc1', { behaviour: 'sulk' })).rejects.toThrow()
  await expect(control(simulator, 'GET', '/sbcs/sbc9')).rejects.toThrow()
  const { behaviour, times } = await control(simulator, 'PATCH', '/sbcs/sbc1', { behaviour: 'busy', times: 2 })
  expect([behaviour, times]).toEqual(['busy', 2])
  expect(await control(simulator, 'POST', '/sbcs/sbc1/reset')).toMatchObject({ behaviour: 'normal' })
})
