export { createHandoverRelay } from './handover-relay.ts'
export type { Waiting } from './home.rules.ts'
export {
  createHomeService,
  type HomeService,
  type TroubleSource,
  type WaitingSource,
} from './home.service.ts'
export { getHomeRoute } from './routes/get-home.ts'
export {
  connectionTroubles,
  jobTroubles,
  mailTroubles,
  sbcTroubles,
  shrunkTrouble,
  undeliveredTroubles,
  webhookTroubles,
} from './trouble.rules.ts'
