export { type AddressGuard, createAddressGuard, type Judgement, readRange } from './address-guard.ts'
export {
  AddressRefusedError,
  type AgentSettings,
  CertificateRefusedError,
  createGuardedAgent,
  type Resolve,
} from './guarded-agent.ts'
export { headerNameProblem, headerValueProblem } from './header.rules.ts'
export { type PostFailure, type PostLimits, type PostOutcome, type PostRequest, post } from './post.ts'
