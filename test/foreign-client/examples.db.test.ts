import { afterAll, beforeAll, expect, test } from 'vitest'
import { pagesWithExamples, runExamples } from '../../tools/docs.ts'
import { ask, eventually } from '../harness/client.ts'
import { type Leadline, startLeadline } from '../harness/leadline.ts'

// Every curl example of README.md and docs/api, run as a reader would run it, with the credentials it shows, against a
// sandbox. One that is answered with an error fails. Source: issue 4, 8.

let leadline: Leadline

beforeAll(async () => {
  leadline = await startLeadline({ leads: 250 })
  await eventually(
    () => ask(`${leadline.baseUrl}/health/ready`),
    (reply) => reply.status === 200,
    60,
  )
})

afterAll(async () => {
  await leadline?.close()
})

test.each(pagesWithExamples())('the examples of %s work', { timeout: 120_000 }, async (page) => {
  const api = leadline.baseUrl
  expect(await runExamples(page, { api, sim: leadline.outside.simulator.url })).toBeNull()
})
