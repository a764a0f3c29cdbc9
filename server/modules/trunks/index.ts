export { type CallingProfileService, createCallingProfileService } from './calling-profile.service.ts'
export type { CallingProfileFacts } from './calling-profile.store.ts'
export { type IntakeCounts, takeCallingProfiles } from './calling-profile-intake.ts'
export { callingProfileRoutes } from './routes/calling-profile-routes.ts'
