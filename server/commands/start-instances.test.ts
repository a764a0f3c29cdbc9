import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Instances } from './start-instances.ts'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'leadline-instances-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const facts = { host: '127.0.0.1', port: 8080, url: 'http://127.0.0.1:8080', simulatorPort: 8081 }
const parentTicks = () => {
  const stat = readFileSync(`/proc/${process.ppid}/stat`, 'utf8')
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19])
}
const plant = (pid: number, startTicks: number) =>
  writeFileSync(join(directory, `instances/${pid}.json`), JSON.stringify({ ...facts, port: 9090, pid, startTicks }))

it('sees an older living launcher, and neither itself nor one whose process id was reused', () => {
  const instances = new Instances(directory, facts)
  expect(instances.older()).toEqual([])
  plant(process.ppid, parentTicks())
  expect(instances.older()).toMatchObject([{ pid: process.ppid, port: 9090 }])
  plant(process.ppid, parentTicks() - 1)
  expect(instances.older()).toEqual([])
})

it('clears away launchers that were killed, and says that there were some', () => {
  new Instances(directory, facts).leave()
  expect(new Instances(directory, facts).foundDead).toBe(false)
  plant(process.ppid, 1)
  expect(new Instances(directory, facts).foundDead).toBe(true)
  expect(readdirSync(join(directory, 'instances'))).toEqual([`${process.pid}.json`])
})
