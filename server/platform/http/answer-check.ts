import type { Endpoint } from '../../../contract/endpoint.ts'
import type { Answer, ConditionalAnswer } from './route.ts'
import { compileCheck } from './validation.ts'

/** Makes a function that throws when an answer breaks its endpoint's contract; streams pass unread. For tests. */
export function answerChecker(endpoint: Endpoint): (answer: Answer | ConditionalAnswer) => Answer | ConditionalAnswer {
  const checks = new Map(
    Object.entries(endpoint.responses).map(([status, { schema }]) => [
      Number(status),
      schema ? compileCheck(schema, '/answer') : null,
    ]),
  )
  const check = (answer: Answer): Answer => {
    const hasBody = answer.json !== undefined || answer.text !== undefined || answer.stream !== undefined
    const status = answer.status ?? (hasBody ? 200 : 204)
    const fits = checks.get(status)
    if (fits === undefined)
      throw new Error(`${endpoint.operationId} answered ${status}, which its contract does not list.`)
    if (fits === null || answer.stream || (answer.contentType && !/json/.test(answer.contentType))) return answer
    // Through JSON, as the caller will see it: undefined members vanish, dates become text.
    const sent = answer.text === undefined ? JSON.stringify(answer.json) : answer.text
    const flaws = fits(sent === undefined ? undefined : JSON.parse(String(sent)))
    if (flaws.length > 0) throw new Error(`${endpoint.operationId} broke its contract: ${JSON.stringify(flaws)}`)
    return answer
  }
  return (answer) => {
    if (!('produce' in answer)) return check(answer)
    return { ...answer, produce: async () => check(await answer.produce()) }
  }
}
