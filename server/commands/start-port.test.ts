import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { expect, it } from 'vitest'
import { findPortProblem, whoListensOn } from './start-port.ts'

it('names the program on a port in use and the variable to change, and nothing once it is free', async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const problem = await findPortProblem('127.0.0.1', port, 'LEADLINE_HTTP_PORT')
  expect(problem?.problem).toContain(`process ${process.pid}`)
  expect(problem?.fix).toContain('LEADLINE_HTTP_PORT')
  server.close()
  await once(server, 'close')
  expect(await findPortProblem('127.0.0.1', port, 'LEADLINE_HTTP_PORT')).toBe(null)
  expect(whoListensOn(port)).toBe(null)
})

it('says that an address is not of this machine', async () => {
  const problem = await findPortProblem('192.0.2.1', 18_069, 'LEADLINE_HTTP_PORT')
  expect(problem?.fix).toContain('LEADLINE_HTTP_HOST')
})
