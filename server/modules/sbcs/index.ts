export { sbcRefusal } from './ask-device.ts'
export { CHECK_DEVICES_JOB, checkDevicesJob } from './jobs/check-devices-job.ts'
export { sbcRoutes } from './routes/sbc-routes.ts'
export { scriptOrderRoutes, scriptTemplateRoutes } from './routes/script-routes.ts'
export { sbcStore } from './sbc.store.ts'
export { foldFqdn } from './sbc-asked.ts'
export type { CheckSbc } from './sbc-check.ts'
export { makeFacts } from './sbc-drivers.ts'
export {
  BUILT_IN_TEMPLATE_IDS,
  GIVEN_VARIABLES,
  type OwnedCheck,
  type OwnerCheck,
  type Place,
  type Preflight,
  type RenderedTemplate,
  type SbcDevice,
  type SbcWork,
  type ScriptAsked,
  type ScriptJob,
  type Survey,
  type Trouble,
  type Wait,
  type WorkDone,
} from './sbc-work.ts'
export { createSbcs, type Sbcs } from './sbcs.ts'
