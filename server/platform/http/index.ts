export type { Authenticate, Credentials } from './credentials.ts'
export { extendedProblem, validationProblem } from './documented-problems.ts'
export {
  createHttpServer,
  type HttpServer,
  type HttpServerOptions,
  type HttpSettings,
} from './http-server.ts'
export { demandMatch } from './if-match.ts'
export { KEPT_HOURS } from './kept-answer.store.ts'
export { mountPortal } from './portal-routes.ts'
export { type Allowance, RateLimit } from './rate-limit.ts'
export {
  type Answer,
  type ConditionalAnswer,
  type Handler,
  type PlatformContext,
  type Problem,
  type PublicContext,
  type RequestContext,
  type Route,
  type RouteOptions,
  route,
} from './route.ts'
export { pagePolicy } from './security-headers.ts'
export { type ServiceRouteOptions, serviceRoutes } from './service-routes.ts'
export { type Check, compileCheck } from './validation.ts'
export { createWriteGuard, type WriteGuard } from './write-guard.ts'
